import type { AnyRecord, RecordKey, RecordKind, RecordOf } from '../domain/records.js';

/** A conditional write: it holds only if the stored version is still the one that was read (0: none stored). */
export type RecordWrite =
  | { readonly put: AnyRecord; readonly expect: number }
  | { readonly remove: RecordKey; readonly expect: number }
  /** Writes nothing; the others hold only if this record is still at that version. */
  | { readonly check: RecordKey; readonly expect: number };

/** Indexes over records, kept by the store; they may lag behind the records. */
export type RecordIndex =
  /** By consumed product path. */
  | 'consumers'
  /** By the id of an enver that is waited for. */
  | 'waiters'
  /** By `owner/name full-ref`: the envers whose source this ref is. */
  | 'source'
  /** By the name of the platform's stacks for an enver. */
  | 'stack'
  /** By `owner/name` of the repo: the envers that wait for somebody to merge their workflow. */
  | 'workflow'
  /** By the id of a base enver: the refs that wait for a place among its clones. */
  | 'slot';

/**
 * The platform's memory: one record per enver, ref and counter (DynamoDB in production).
 * `get` and `getMany` are consistent; `find`, `due` and `all` may be stale.
 */
export interface RecordStore {
  /** How long at most, in milliseconds, `find` may miss what was written; 0 when it never does. */
  readonly lagMs: number;
  get<K extends RecordKind>(kind: K, id: string): Promise<RecordOf<K> | undefined>;
  /**
   * Those records that exist, by id: one picture of a moment, of up to a hundred; of more, one after the other for each
   * hundred in the given order.
   */
  getMany<K extends RecordKind>(kind: K, ids: readonly string[]): Promise<Map<string, RecordOf<K>>>;
  /** All or nothing. @throws ConflictError when a condition does not hold. */
  transact(writes: readonly RecordWrite[]): Promise<void>;
  /** Ids of records by an index: of refs by `slot`, of envers by any other. */
  find(index: RecordIndex, key: string): Promise<string[]>;
  /** Ids of enver records whose `nextAt` has come, earliest first. */
  due(now: number, limit: number): Promise<string[]>;
  all<K extends RecordKind>(kind: K): AsyncIterable<RecordOf<K>>;
}

/** Somebody else wrote the record first: read it again and decide anew. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}
