import { mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { OdmdError } from '@ondemandenv/contracts-base';
import type { RunRequest } from '@ondemandenv/control-plane';
import { type BareRepo, checkOut } from '../git/index.js';
import { removeFiles } from '../remove-files.js';

/**
 * A fresh job folder: the commit in `src`, the empty folders `home` and `tmp`, and the empty file `output`.
 *
 * @throws OdmdError ODMD622 when the repo does not have the commit
 */
export async function makeJobFolder(repo: BareRepo, folder: string, sha: string): Promise<void> {
  await removeFiles(folder);
  for (const name of ['home', 'tmp']) await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'output'), '');
  await checkOut(repo, sha, join(folder, 'src'));
}

/**
 * The folder in which the steps run.
 *
 * @throws OdmdError ODMD631 when the commit has no such folder
 */
export async function stepFolder(folder: string, workDir: string, request: RunRequest): Promise<string> {
  const root = await realpath(join(folder, 'src'));
  const found = await realpath(join(root, workDir)).catch(() => undefined);
  const inside = found !== undefined && `${found}${sep}`.startsWith(`${root}${sep}`);
  if (inside && (await stat(found)).isDirectory()) return found;
  throw new OdmdError('ODMD631', `there is no folder ${JSON.stringify(workDir)} in ${request.sha}`, {
    where: `${request.repo} ${request.revision.ref}`,
    fix: 'push the folder, or correct the working directory of the build in the contracts',
  });
}
