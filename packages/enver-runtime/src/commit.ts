import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { OdmdError } from '@ondemandenv/contracts-base';
import { z } from 'zod';

const run = promisify(execFile);

/**
 * What is made under the name of a commit has to be made of it.
 *
 * @throws OdmdError ODMD542 another commit is checked out, or git does not say which
 */
export async function checkCommit(folder: string, sha: string): Promise<void> {
  const head = await git(folder, 'rev-parse', 'HEAD');
  if (head !== sha)
    throw gitError(
      `the checked-out commit is ${head}, the dispatched one is ${sha}`,
      'check out that commit',
    );
}

/**
 * The number of commits from the first to this one, by first parents.
 *
 * @throws OdmdError ODMD542 the clone is shallow, or git does not say
 */
export async function countCommits(folder: string): Promise<number> {
  if ((await git(folder, 'rev-parse', '--is-shallow-repository')) !== 'false')
    throw gitError('the clone is shallow, so its commits cannot be counted', 'fetch the whole history');
  return Number(await git(folder, 'rev-list', '--first-parent', '--count', 'HEAD'));
}

async function git(folder: string, ...args: string[]): Promise<string> {
  try {
    return (await run('git', args, { cwd: folder })).stdout.trim();
  } catch (cause) {
    const words = z.object({ stderr: z.string() }).safeParse(cause).data?.stderr.trim();
    const reason = words || (cause instanceof Error ? cause.message : String(cause));
    throw gitError(`git ${args.join(' ')}: ${reason}`, 'run this in a git checkout of the build', cause);
  }
}

function gitError(message: string, fix: string, cause?: unknown): OdmdError {
  return new OdmdError('ODMD542', message, { where: 'git', fix, cause });
}
