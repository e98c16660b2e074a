import { OdmdError } from '@ondemandenv/contracts-base';
import type { Commit } from '../../ports/source-host.js';
import { find } from './ask.js';
import type { Repo } from './repos.js';

/** No more commits than this are read at once: the newest ones. */
const MAX_COMMITS = 1_000;
const PER_PAGE = 100;
const SHA = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

interface CommitItem {
  readonly sha: string;
  readonly commit: { readonly message: string };
  readonly parents: readonly { readonly sha: string }[];
}

/** What `head` reaches and a base does not. */
interface Range {
  readonly commits: ReadonlyMap<string, CommitItem>;
  /** The base comes before `head`. */
  readonly contained: boolean;
}

/**
 * See `SourceHost.commitsSince`; at most the newest thousand. One request for every hundred commits, and one more when
 * the cursor does not lie on the chain.
 *
 * @throws OdmdError ODMD432 when the repository does not have `head`
 */
export async function commitsSince(repo: Repo, head: string, cursor: string | undefined): Promise<Commit[]> {
  if (cursor === head) return [];
  if (cursor !== undefined && SHA.test(cursor)) {
    const after = await range(repo, cursor, head);
    const { chain, next } = firstParents(after?.commits, head);
    // Where the range was cut off, the chain cannot be followed down to the cursor.
    const cutOff = (after?.commits.size ?? 0) >= MAX_COMMITS;
    if (after?.contained && (next === cursor || cutOff)) return chain;
  }
  const after = (await range(repo, repo.defaultBranch, head)) ?? (await all(repo, head));
  if (!after) throw unknownCommit(repo, head);
  return firstParents(after.commits, head).chain;
}

/** Whether `ancestor` is `descendant` or comes before it; an unknown commit is no ancestor. One request. */
export async function isAncestor(repo: Repo, ancestor: string, descendant: string): Promise<boolean> {
  if (!SHA.test(ancestor) || !SHA.test(descendant)) return false;
  const compared = await compare(repo, ancestor, descendant, 1, 1);
  return compared?.status === 'ahead' || compared?.status === 'identical';
}

export function unknownCommit({ name }: Repo, sha: string): OdmdError {
  return new OdmdError('ODMD432', `commit ${sha} is not in the repository`, {
    where: name,
    fix: 'push it again',
  });
}

/** The commits of the first-parent chain, oldest first, as far as they are known, and the one before them. */
function firstParents(
  commits: ReadonlyMap<string, CommitItem> | undefined,
  head: string,
): { chain: Commit[]; next: string | undefined } {
  const chain: Commit[] = [];
  let next: string | undefined = head;
  for (let item = commits?.get(head); item && next !== undefined; item = commits?.get(next ?? '')) {
    chain.push({ sha: next, message: item.commit.message.trimEnd() });
    next = item.parents[0]?.sha;
  }
  return { chain: chain.reverse(), next };
}

/** `undefined` when either does not exist, or when they have no commit in common. */
async function range(repo: Repo, base: string, head: string): Promise<Range | undefined> {
  const first = await compare(repo, base, head, 1);
  if (!first) return undefined;
  const commits = new Map(first.commits.map((commit) => [commit.sha, commit]));
  const last = Math.ceil(first.total_commits / PER_PAGE);
  // They come oldest first, and the newest are wanted.
  for (let page = Math.max(2, last - MAX_COMMITS / PER_PAGE + 1); page <= last; page++)
    for (const commit of (await compare(repo, base, head, page))?.commits ?? [])
      commits.set(commit.sha, commit);
  return { commits, contained: first.status === 'ahead' || first.status === 'identical' };
}

async function compare(
  { client, at, name }: Repo,
  base: string,
  head: string,
  page: number,
  per_page = PER_PAGE,
) {
  const parameters = { ...at, basehead: `${base}...${head}`, page, per_page };
  return (await find(name, () => client.repos.compareCommitsWithBasehead(parameters)))?.data;
}

/** A history that has nothing in common with the default branch. */
async function all({ client, at, name }: Repo, sha: string): Promise<Range | undefined> {
  const commits = new Map<string, CommitItem>();
  for (let page = 1; page <= MAX_COMMITS / PER_PAGE; page++) {
    const parameters = { ...at, sha, per_page: PER_PAGE, page };
    const answer = await find(name, () => client.repos.listCommits(parameters), [404, 409, 422]);
    for (const commit of answer?.data ?? []) commits.set(commit.sha, commit);
    if (!answer || answer.data.length < PER_PAGE) break;
  }
  return commits.has(sha) ? { commits, contained: true } : undefined;
}
