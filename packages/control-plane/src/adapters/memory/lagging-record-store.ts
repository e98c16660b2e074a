import type { RecordKind, RecordOf } from '../../domain/records.js';
import type { Clock, RecordIndex, RecordStore, RecordWrite } from '../../ports/index.js';
import { KeyValueRecordStore } from '../key-value/record-store.js';
import { MemoryKeyValue } from './memory-key-value.js';

/**
 * A `RecordStore` whose indexes and scans may lag behind its records, as DynamoDB's do: they are answered by a
 * replica that gets the writes later, in their order. Reads by id and conditions are always of now.
 */
export class LaggingRecordStore implements RecordStore {
  private readonly data = new MemoryKeyValue();
  private readonly replica = new KeyValueRecordStore(this.data);
  private readonly behind: { writes: readonly RecordWrite[]; at: number }[] = [];

  /**
   * @param lags asked at every read from the replica: whether it may miss writes younger than `lagMs` this time
   */
  constructor(
    private readonly records: RecordStore,
    private readonly clock: Clock,
    readonly lagMs: number,
    private readonly lags: () => boolean,
  ) {}

  async get<K extends RecordKind>(kind: K, id: string): Promise<RecordOf<K> | undefined> {
    return this.records.get(kind, id);
  }

  async getMany<K extends RecordKind>(kind: K, ids: readonly string[]): Promise<Map<string, RecordOf<K>>> {
    return this.records.getMany(kind, ids);
  }

  async transact(writes: readonly RecordWrite[]): Promise<void> {
    await this.records.transact(writes);
    this.behind.push({ writes, at: this.clock.now() });
  }

  async find(index: RecordIndex, key: string): Promise<string[]> {
    return (await this.answering()).find(index, key);
  }

  async due(now: number, limit: number): Promise<string[]> {
    return (await this.answering()).due(now, limit);
  }

  async *all<K extends RecordKind>(kind: K): AsyncIterable<RecordOf<K>> {
    yield* (await this.answering()).all(kind);
  }

  private async answering(): Promise<RecordStore> {
    const kept = this.lags() ? this.clock.now() - this.lagMs : Number.POSITIVE_INFINITY;
    for (let next = this.behind[0]; next && next.at <= kept; next = this.behind[0]) {
      this.behind.shift();
      await this.replica.transact(next.writes);
    }
    return this.replica;
  }
}
