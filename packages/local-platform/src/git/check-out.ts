import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireCommit } from './history.js';
import type { BareRepo } from './repos.js';
import { runGit } from './run-git.js';

/**
 * Puts the files of a commit into a new folder, as a repository of its own that borrows the objects of `repo`.
 *
 * Not `git worktree`: while one is being added, git refuses pushes to the repo now and then (it checks the half
 * made worktree too), and adding two at once fails as well.
 *
 * @throws OdmdError ODMD622 when the repo does not have the commit
 */
export async function checkOut(repo: BareRepo, sha: string, folder: string): Promise<void> {
  await requireCommit(repo, sha);
  const gitDir = join(folder, '.git');
  const options = { searchPath: repo.searchPath, workTree: folder };
  await mkdir(folder, { recursive: true });
  await runGit(gitDir, ['init', '--quiet', '--template='], options);
  await writeFile(join(gitDir, 'objects', 'info', 'alternates'), `${join(repo.folder, 'objects')}\n`);
  await runGit(gitDir, ['checkout', '--quiet', '--detach', sha], options);
}
