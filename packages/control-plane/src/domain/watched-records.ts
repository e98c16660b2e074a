import { canonicalJson, parseRefKey } from '@ondemandenv/contracts-base';
import type { Hint, RecordIndex, RecordStore, RecordWrite } from '../ports/index.js';
import { expiresAt } from './lifetime.js';
import { refId } from './record-writes.js';
import type { AnyRecord, EnverRecord, RecordKind, RecordOf } from './records.js';

/**
 * The records as one piece of work reads and writes them. It notices clones of which people see something else
 * afterwards: however many writes that takes, it is one report for each ref.
 */
export class WatchedRecords implements RecordStore {
  private readonly seen = new Map<string, EnverRecord>();
  private readonly causes = new Map<string, string>();

  constructor(private readonly inner: RecordStore) {}

  /** A hint for each ref whose clones are others now, or look other. */
  get hints(): Hint[] {
    return [...this.causes].map(([key, cause]) => ({ work: { kind: 'report', ...parseRefKey(key) }, cause }));
  }

  get lagMs(): number {
    return this.inner.lagMs;
  }

  async get<K extends RecordKind>(kind: K, id: string): Promise<RecordOf<K> | undefined> {
    const record = await this.inner.get(kind, id);
    if (record) this.see(record);
    return record;
  }

  async getMany<K extends RecordKind>(kind: K, ids: readonly string[]): Promise<Map<string, RecordOf<K>>> {
    const records = await this.inner.getMany(kind, ids);
    for (const record of records.values()) this.see(record);
    return records;
  }

  async transact(writes: readonly RecordWrite[]): Promise<void> {
    try {
      await this.inner.transact(writes);
    } catch (error) {
      // It may have been written all the same.
      this.noteAll(writes, 'perhaps ');
      throw error;
    }
    this.noteAll(writes, '');
    for (const write of writes) if ('put' in write) this.see(write.put);
  }

  find(index: RecordIndex, key: string): Promise<string[]> {
    return this.inner.find(index, key);
  }

  due(now: number, limit: number): Promise<string[]> {
    return this.inner.due(now, limit);
  }

  async *all<K extends RecordKind>(kind: K): AsyncIterable<RecordOf<K>> {
    for await (const record of this.inner.all(kind)) {
      this.see(record);
      yield record;
    }
  }

  private see(record: AnyRecord): void {
    if (record.kind === 'enver' && record.clone) this.seen.set(record.id, record);
  }

  private noteAll(writes: readonly RecordWrite[], how: string): void {
    for (const write of writes) {
      if ('put' in write && write.put.kind === 'enver') this.note(write.put, how);
      if (!('remove' in write) || write.remove.kind !== 'enver') continue;
      const gone = this.seen.get(write.remove.id);
      if (gone) this.causes.set(refId(gone), `${how}${gone.id}@${gone.incarnation} is gone`);
    }
  }

  private note(record: EnverRecord, how: string): void {
    const before = this.seen.get(record.id);
    if (!record.clone || (before && shown(before) === shown(record))) return;
    this.causes.set(refId(record), `${how}${record.id}@${record.incarnation}/${record.version}`);
  }
}

/** What people are told of a clone, as far as its record has it. */
function shown(record: EnverRecord): string {
  const { phase, reason, deployed, entryDigest } = record;
  return canonicalJson([phase, reason, deployed?.dispatchId ?? '', entryDigest, expiresAt(record) ?? 0]);
}
