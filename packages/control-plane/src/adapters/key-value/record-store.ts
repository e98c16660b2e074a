import type { AnyRecord, RecordKey, RecordKind, RecordOf } from '../../domain/records.js';
import {
  ConflictError,
  type RecordIndex,
  type RecordStore,
  type RecordWrite,
} from '../../ports/record-store.js';
import { indexEntries } from '../record-index.js';
import type { KeyValue } from './key-value.js';

/** A `RecordStore` over a `KeyValue`; its indexes are keys of their own, written with the record. */
export class KeyValueRecordStore implements RecordStore {
  readonly lagMs = 0;

  constructor(private readonly kv: KeyValue) {}

  async get<K extends RecordKind>(kind: K, id: string): Promise<RecordOf<K> | undefined> {
    return this.kv.get<RecordOf<K>>(recordKey({ kind, id }));
  }

  async getMany<K extends RecordKind>(kind: K, ids: readonly string[]): Promise<Map<string, RecordOf<K>>> {
    const found = ids.flatMap((id) => this.kv.get<RecordOf<K>>(recordKey({ kind, id })) ?? []);
    return new Map(found.map((record) => [record.id, record]));
  }

  async transact(writes: readonly RecordWrite[]): Promise<void> {
    this.kv.transaction(() => {
      for (const write of writes) {
        const key = 'put' in write ? write.put : 'remove' in write ? write.remove : write.check;
        const before = this.kv.get<AnyRecord>(recordKey(key));
        if ((before?.version ?? 0) !== write.expect)
          throw new ConflictError(
            `${key.kind} ${key.id} is at version ${before?.version ?? 0}, not ${write.expect}`,
          );
        if ('check' in write) continue;
        if (before) for (const index of indexKeys(before)) this.kv.delete(index);
        if ('remove' in write) {
          this.kv.delete(recordKey(key));
        } else {
          this.kv.set(recordKey(key), write.put);
          for (const index of indexKeys(write.put)) this.kv.set(index, write.put.id);
        }
      }
    });
  }

  async find(index: RecordIndex, key: string): Promise<string[]> {
    return this.kv.range<string>(indexPrefix(index, key)).map(({ value }) => value);
  }

  async due(now: number, limit: number): Promise<string[]> {
    const before = `index/due/${sortableTime(now + 1)}`;
    const due = this.kv.range<string>('index/due/').filter(({ key }) => key < before);
    return due.slice(0, limit).map(({ value }) => value);
  }

  async *all<K extends RecordKind>(kind: K): AsyncIterable<RecordOf<K>> {
    for (const { value } of this.kv.range<RecordOf<K>>(`record/${kind}/`)) yield value;
  }
}

function recordKey(key: RecordKey): string {
  return `record/${key.kind}/${key.id}`;
}

function indexPrefix(index: RecordIndex, key: string): string {
  return `index/${index}/${key}\n`;
}

function indexKeys(record: AnyRecord): string[] {
  const keys = indexEntries(record).map(([index, key]) => indexPrefix(index, key) + record.id);
  return record.kind !== 'enver' || record.nextAt === undefined
    ? keys
    : [...keys, `index/due/${sortableTime(record.nextAt)}\n${record.id}`];
}

function sortableTime(ms: number): string {
  return String(ms).padStart(16, '0');
}
