/** One version of a value. `value` is canonical JSON text. */
export interface StoredValue {
  readonly path: string;
  /** Counts from 1; starts again at 1 when a deleted path is written anew. */
  readonly version: number;
  readonly value: string;
}

/**
 * Where products live: versioned values under paths (SSM Parameter Store in production).
 * Reads of the newest value are consistent.
 */
export interface ConfigStore {
  /** The newest values; paths without one are absent from the result. */
  getMany(paths: readonly string[]): Promise<Map<string, StoredValue>>;
  /** Exactly that version, while the store keeps it. */
  getVersion(path: string, version: number): Promise<StoredValue | undefined>;
  /** Writes a new version; an unchanged value makes none and returns the version that has it. */
  put(path: string, value: string): Promise<{ version: number; changed: boolean }>;
  /** Removes values with all their versions; unknown paths are no error. */
  deleteMany(paths: readonly string[]): Promise<void>;
  /** The paths that start with `prefix`, which ends in `/`, in order. */
  list(prefix: string): Promise<string[]>;
}
