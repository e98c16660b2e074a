/** Published manifests by the commit they were made from (S3 in production). */
export interface ManifestStore {
  put(sha: string, bytes: string): Promise<void>;
  get(sha: string): Promise<string | undefined>;
}
