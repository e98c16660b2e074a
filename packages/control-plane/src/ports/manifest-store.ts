import type { EnverEntry } from '@ondemandenv/contracts-base';

/** Published manifests by the commit they were made from, and the entries that jobs obey (S3 in production). */
export interface ManifestStore {
  put(sha: string, bytes: string): Promise<void>;
  get(sha: string): Promise<string | undefined>;
  /** Lets the jobs of an enver, and nobody else's, read the contract entry that they have to obey. */
  publishEntry(entry: EnverEntry): Promise<void>;
  /** Idempotent. */
  withdrawEntry(enverId: string): Promise<void>;
}
