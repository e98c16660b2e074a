import type { PullRequest } from '../../ports/source-host.js';
import { ask } from './ask.js';
import type { Repo } from './repos.js';

const PER_PAGE = 100;

/**
 * Those open now and those closed since, from branches of this very repository: whatever a fork calls its branches.
 * Two requests, and one more for every further hundred.
 */
export async function pullRequests(repo: Repo, since: number): Promise<PullRequest[]> {
  const found: PullRequest[] = [];
  for await (const pulls of pages(repo, { state: 'open' })) found.push(...pulls.flatMap(own(repo)));
  for await (const pulls of pages(repo, { state: 'closed', sort: 'updated', direction: 'desc' })) {
    found.push(...pulls.flatMap(own(repo)).filter(({ closedAt = 0 }) => closedAt >= since));
    // None was closed after its last update.
    if (pulls.some(({ updated_at }) => Date.parse(updated_at) < since)) break;
  }
  return found;
}

/** The open pull request of a branch. */
export async function openPullRequest(repo: Repo, branch: string): Promise<PullRequest | undefined> {
  const { client, at, name } = repo;
  const head = `${at.owner}:${branch}`;
  const { data } = await ask(name, () =>
    client.pulls.list({ ...at, state: 'open', head, per_page: PER_PAGE }),
  );
  return data.flatMap(own(repo)).find((pull) => pull.branch === branch);
}

type Query =
  | { readonly state: 'open' }
  | { readonly state: 'closed'; readonly sort: 'updated'; readonly direction: 'desc' };

async function* pages({ client, at, name }: Repo, query: Query) {
  for (let page = 1; ; page++) {
    const { data } = await ask(name, () => client.pulls.list({ ...at, ...query, per_page: PER_PAGE, page }));
    yield data;
    if (data.length < PER_PAGE) return;
  }
}

interface Pull {
  readonly number: number;
  readonly closed_at: string | null;
  readonly head: { readonly ref: string; readonly repo: { readonly id: number } | null };
}

/** The repository of a fork's branch may be gone. */
function own({ id }: Repo) {
  return ({ number, closed_at, head }: Pull): PullRequest[] =>
    head.repo?.id === id
      ? [{ number, branch: head.ref, ...(closed_at !== null && { closedAt: Date.parse(closed_at) }) }]
      : [];
}
