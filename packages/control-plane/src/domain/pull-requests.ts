import type { Context } from './context.js';
import type { EnverRecord } from './records.js';

/**
 * Those clones of a repo that were made until the pull request of their branch is closed, and whose is: one was open
 * after the clone was made, and none is any more. What a fork offers under the same branch name has no say.
 */
export async function withClosedPullRequest(
  { ports }: Context,
  repo: string,
  envers: readonly EnverRecord[],
): Promise<{ readonly id: string; readonly branch: string; readonly number: number }[]> {
  const clones = envers.flatMap(({ id, clone, revision, deleting }) =>
    clone?.until === 'pr' && revision.kind === 'branch' && deleting === undefined
      ? [{ id, branch: revision.ref, createdAt: clone.createdAt }]
      : [],
  );
  if (clones.length === 0) return [];
  const since = Math.min(...clones.map(({ createdAt }) => createdAt));
  const pulls = await ports.source.pullRequests(repo, since);
  return clones.flatMap(({ id, branch, createdAt }) => {
    const own = pulls.filter((pull) => pull.branch === branch);
    if (own.some(({ closedAt }) => closedAt === undefined)) return [];
    const closed = own.find(({ closedAt }) => closedAt !== undefined && closedAt >= createdAt);
    return closed ? [{ id, branch, number: closed.number }] : [];
  });
}
