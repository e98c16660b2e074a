/** Ordered keys to plain JSON values: what an adapter needs of a database. Keys are at most 1,900 bytes. */
export interface KeyValue {
  get<T>(key: string): T | undefined;
  set(key: string, value: unknown): void;
  delete(key: string): void;
  /** Every pair whose key starts with `prefix`, in key order; a snapshot. */
  range<T>(prefix: string): { key: string; value: T }[];
  /** Runs `change` atomically: all of its writes hold, or (when it throws) none. It must not be asynchronous. */
  transaction<T>(change: () => T): T;
  close(): Promise<void>;
}
