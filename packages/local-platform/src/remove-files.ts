import type { Dirent } from 'node:fs';
import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Retried for about two seconds: processes that were just killed may still be writing there. */
const REMOVAL = { recursive: true, force: true, maxRetries: 6, retryDelay: 100 } as const;

/**
 * Removes a file, or a folder with all that is in it, also what a job made read-only, as caches of packages are.
 * What is not there is no error.
 */
export async function removeFiles(path: string): Promise<void> {
  try {
    await rm(path, REMOVAL);
  } catch {
    await makeWritable(path);
    await rm(path, REMOVAL);
  }
}

/** `chmod -R u+rwx` of the folders, as far as it goes: what cannot be helped is for the removal to say. */
async function makeWritable(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(async (): Promise<Dirent[]> => {
    await chmod(folder, 0o700).catch(() => undefined);
    return readdir(folder, { withFileTypes: true }).catch(() => []);
  });
  if (entries.length > 0) await chmod(folder, 0o700).catch(() => undefined);
  for (const entry of entries) if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
}
