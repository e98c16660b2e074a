import { entryObject, readManifest } from '@ondemandenv/contracts-base';
import type { Buckets } from './buckets.js';

/** S3 takes thousands of writes in a second; this many are on their way at once. */
const AT_ONCE = 16;

/**
 * Keeps a manifest under the commit of its contracts: an entry for each enver, and then the manifest itself, so that
 * whoever finds it finds the entries too. May be killed anywhere and run again.
 */
export async function uploadManifest(
  { bucket, buckets }: { readonly bucket: string; readonly buckets: Buckets },
  sha: string,
  manifest: string,
): Promise<void> {
  const folder = `manifests/${sha}`;
  const { envers } = readManifest(manifest, folder);
  const left = Object.entries(envers).values();
  const work = async () => {
    for (const [enver, entry] of left)
      await buckets.writeText({ bucket, key: `${folder}/${entryObject(enver)}` }, JSON.stringify(entry));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await buckets.writeText({ bucket, key: `${folder}/manifest.json` }, manifest);
}
