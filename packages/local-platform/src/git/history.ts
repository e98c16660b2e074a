import { OdmdError } from '@ondemandenv/contracts-base';
import type { BareRepo } from './repos.js';

/** No more commits than this are read at once: the newest ones. */
export const MAX_COMMITS = 1_000;
const SHA = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** Whether the repo has this commit; anything but a full sha is none. */
async function hasCommit(repo: BareRepo, sha: string): Promise<boolean> {
  if (!SHA.test(sha)) return false;
  const { code } = await repo.git(['cat-file', '-e', `${sha}^{commit}`], [0, 1, 128]);
  return code === 0;
}

/** @throws OdmdError ODMD622 when the repo does not have this commit */
export async function requireCommit(repo: BareRepo, sha: string): Promise<void> {
  if (await hasCommit(repo, sha)) return;
  throw new OdmdError('ODMD622', `commit ${sha} is not in the repository`, {
    where: repo.name,
    fix: 'push it again',
  });
}

/**
 * See `SourceHost.commitsSince`; at most the newest `MAX_COMMITS`.
 *
 * @throws OdmdError ODMD622 when the repo does not have `head`
 */
export async function commitsSince(
  repo: BareRepo,
  head: string,
  cursor: string | undefined,
): Promise<{ sha: string; message: string }[]> {
  await requireCommit(repo, head);
  const known = cursor !== undefined && (await onFirstParentChain(repo, head, cursor));
  // What the default branch does not reach is what lies after every merge base with it.
  const excluded = known ? [`^${cursor}`] : await defaultBranch(repo);
  const { stdout } = await repo.git([
    'log',
    '-z',
    '--first-parent',
    '--reverse',
    `--max-count=${MAX_COMMITS}`,
    '--encoding=UTF-8',
    '--format=%H%x00%B',
    head,
    ...excluded,
    '--',
  ]);
  const fields = stdout.split('\0');
  const commits: { sha: string; message: string }[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2)
    commits.push({ sha: fields[at] ?? '', message: (fields[at + 1] ?? '').trimEnd() });
  return commits;
}

/** Whether `ancestor` is `descendant` or comes before it; an unknown commit is no ancestor. */
export async function isAncestor(repo: BareRepo, ancestor: string, descendant: string): Promise<boolean> {
  if (!(await hasCommit(repo, ancestor)) || !(await hasCommit(repo, descendant))) return false;
  return (await repo.git(['merge-base', '--is-ancestor', ancestor, descendant], [0, 1])).code === 0;
}

/** The chain is followed down to what `cursor` reaches: it is on the chain if that is `cursor` itself. */
async function onFirstParentChain(repo: BareRepo, head: string, cursor: string): Promise<boolean> {
  if (cursor === head) return true;
  if (!(await hasCommit(repo, cursor))) return false;
  const { stdout } = await repo.git(['rev-list', '--first-parent', '--parents', head, `^${cursor}`, '--']);
  const [, firstParent] = (stdout.trimEnd().split('\n').at(-1) ?? '').split(' ');
  return firstParent === cursor;
}

/** Excludes the commits of the default branch, if it has any. */
async function defaultBranch(repo: BareRepo): Promise<string[]> {
  const { code, stdout } = await repo.git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], [0, 1]);
  return code === 0 ? [`^${stdout.trim()}`] : [];
}
