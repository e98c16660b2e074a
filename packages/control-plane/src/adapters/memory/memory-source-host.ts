import { type EnverEntry, fullRef, OdmdError, type RevisionRef, sha256 } from '@ondemandenv/contracts-base';
import type {
  Commit,
  PullRequest,
  Readiness,
  RunRequest,
  RunStatus,
  SourceHost,
} from '../../ports/source-host.js';

interface StoredCommit extends Commit {
  readonly parent: string | undefined;
  /** Path → content. */
  readonly files: Readonly<Record<string, string>>;
}

const DEFAULT_BRANCH = 'refs/heads/main';

/** A `SourceHost` in memory: linear commits, annotated tags as plain ones, runs that the caller ends. */
export class MemorySourceHost implements SourceHost {
  readonly unseenMs = 0;
  readonly runs = new Map<string, { request: RunRequest; status: RunStatus }>();
  /** Pull requests by repo. */
  readonly pulls = new Map<string, (PullRequest & { readonly fork?: true })[]>();
  /** What keeps jobs of an enver from being dispatched. */
  readonly unready = new Map<string, Readiness>();
  private readonly commits = new Map<string, StoredCommit>();
  private readonly heads = new Map<string, Map<string, string>>();
  private count = 0;

  /** Commits on a ref, which starts at `from` (default: its own head, else main's). @returns the new commit's sha */
  push(
    repo: string,
    revision: RevisionRef,
    change: { message: string; files?: Record<string, string>; from?: string },
  ): string {
    const refs = this.refsOf(repo);
    const parent = change.from ?? refs.get(fullRef(revision)) ?? refs.get(DEFAULT_BRANCH);
    const files = { ...(parent && this.commits.get(parent)?.files), ...change.files };
    const sha = sha256(`${++this.count} ${change.message}`).slice(0, 40);
    this.commits.set(sha, { sha, message: change.message, parent, files });
    refs.set(fullRef(revision), sha);
    return sha;
  }

  deleteRef(repo: string, revision: RevisionRef): void {
    this.refsOf(repo).delete(fullRef(revision));
  }

  /** Ends a run, as its last step would. */
  end(dispatchId: string, status: Omit<Extract<RunStatus, { state: 'ended' }>, 'state'>): void {
    const run = this.runs.get(dispatchId);
    if (run) run.status = { state: 'ended', ...status };
  }

  async head(repo: string, revision: RevisionRef): Promise<string | undefined> {
    return this.refsOf(repo).get(fullRef(revision));
  }

  async refs(repo: string): Promise<{ revision: RevisionRef; sha: string }[]> {
    return [...this.refsOf(repo)].map(([full, sha]) => {
      const kind = full.startsWith('refs/heads/') ? 'branch' : 'tag';
      return { revision: { kind, ref: full.split('/').slice(2).join('/') }, sha };
    });
  }

  async tree(_repo: string, sha: string, paths: readonly string[]): Promise<string> {
    const inside = Object.entries(this.commits.get(sha)?.files ?? {}).filter(([file]) =>
      paths.some((path) => path === '.' || file === path || file.startsWith(`${path}/`)),
    );
    return sha256(JSON.stringify(inside.sort())).slice(0, 40);
  }

  async commitsSince(repo: string, head: string, cursor: string | undefined): Promise<Commit[]> {
    const chain = this.chain(head);
    const main = this.refsOf(repo).get(DEFAULT_BRANCH);
    const onMain = new Set(main === undefined ? [] : this.chain(main).map(({ sha }) => sha));
    const known = cursor !== undefined && chain.some(({ sha }) => sha === cursor);
    const end = chain.findIndex(({ sha }) => (known ? sha === cursor : onMain.has(sha)));
    const since = end === -1 ? chain : chain.slice(0, end);
    return since.reverse().map(({ sha, message }) => ({ sha, message }));
  }

  async tagMessage(repo: string, tag: string): Promise<string | undefined> {
    const sha = this.refsOf(repo).get(fullRef({ kind: 'tag', ref: tag }));
    return sha === undefined ? undefined : this.commits.get(sha)?.message;
  }

  async isAncestor(_repo: string, ancestor: string, descendant: string): Promise<boolean> {
    return this.chain(descendant).some(({ sha }) => sha === ancestor);
  }

  async pullRequests(repo: string, since: number): Promise<PullRequest[]> {
    const pulls = this.pulls.get(repo) ?? [];
    return pulls.filter(({ fork, closedAt }) => !fork && (closedAt === undefined || closedAt >= since));
  }

  async prepare({ id }: EnverEntry): Promise<Readiness> {
    return this.unready.get(id) ?? { state: 'ready' };
  }

  async dispatch(request: RunRequest): Promise<void> {
    const { dispatchId, purpose, repo, revision } = request;
    if (this.runs.has(dispatchId)) return;
    // As on GitHub: the job of a deployment runs on the ref itself, that of a teardown on the default branch.
    if (purpose === 'deploy' && !this.refsOf(repo).has(fullRef(revision)))
      throw new OdmdError('ODMD434', `${repo} has no ${fullRef(revision)} to run a job on`, {
        fix: 'push the branch or tag again',
      });
    this.runs.set(dispatchId, { request, status: { state: 'queued' } });
  }

  async findRun(_repo: string, dispatchId: string): Promise<RunStatus | undefined> {
    return this.runs.get(dispatchId)?.status;
  }

  private refsOf(repo: string): Map<string, string> {
    const refs = this.heads.get(repo) ?? new Map<string, string>();
    this.heads.set(repo, refs);
    return refs;
  }

  /** From a commit to the root. */
  private chain(from: string): StoredCommit[] {
    const chain: StoredCommit[] = [];
    for (let commit = this.commits.get(from); commit; commit = this.commits.get(commit.parent ?? ''))
      chain.push(commit);
    return chain;
  }
}
