import { type EnverEntry, fullRef, OdmdError, type RevisionRef, repoName } from '@ondemandenv/contracts-base';
import type {
  Commit,
  PullRequest,
  Readiness,
  RunRequest,
  RunStatus,
  SourceHost,
} from '../../ports/source-host.js';
import type { WorkflowFile } from './committed-files.js';
import { commitsSince, isAncestor } from './history.js';
import { pullRequests } from './pull-requests.js';
import { head, refs, tagMessage } from './refs.js';
import { type GitHubRepos, NOT_OURS, type Repo } from './repos.js';
import { Runs, workflowNotKnown } from './runs.js';
import { Trees } from './tree.js';
import { filesOnDefaultBranch, prepareFiles } from './workflow-files.js';

export interface GitHubSourceHostOptions {
  readonly repos: GitHubRepos;
  /** The workflow files of an enver: the one that deploys first, then the one that tears down. */
  readonly filesOf: (entry: EnverEntry) => readonly [deploy: WorkflowFile, teardown: WorkflowFile];
  /** The contract entry of an enver or clone; of one that is being deleted, at least the last. */
  readonly entryOf: (enverId: string) => Promise<EnverEntry | undefined>;
  /** Name of the step that runs only in a job that was superseded or has to wait. */
  readonly laterStep: string;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/**
 * GitHub, with Actions. A repository that is not the one that the platform knows by this name is refused (ODMD430,
 * ODMD431), except where everything is listed for a sweep: there it has no refs and no pull requests, so that it does
 * not keep the platform from looking after all others.
 *
 * A request for the repository itself comes before the first of these, and once a minute after that. Counted without
 * it: `head` 1 (2 of an annotated tag, and of a ref that is gone), `refs` 2 (and 1 per hundred tags, if one is annotated), `tree` 1 per commit,
 * `commitsSince` 1 (2 after a force push), `tagMessage` 2, `isAncestor` 1, `pullRequests` 2, `prepare` 1 or 3,
 * `dispatch` 2, `findRun` 1 (2 of a run that ended).
 */
export class GitHubSourceHost implements SourceHost {
  /** GitHub lists a run some seconds after it was asked for. */
  readonly unseenMs = 60_000;
  private readonly trees = new Trees();
  private readonly runs: Runs;

  constructor(private readonly options: GitHubSourceHostOptions) {
    this.runs = new Runs(options.laterStep, options.now ?? Date.now);
  }

  async head(repo: string, revision: RevisionRef): Promise<string | undefined> {
    const found = await this.options.repos.find(repo);
    const sha = found && (await head(found, revision));
    // Clones are deleted on the strength of this.
    if (found && sha === undefined) await this.options.repos.confirm(repo);
    return sha;
  }

  async refs(repo: string): Promise<{ revision: RevisionRef; sha: string }[]> {
    const found = await this.unlessRefused(repo);
    return found ? refs(found) : [];
  }

  async tree(repo: string, sha: string, paths: readonly string[]): Promise<string> {
    return this.trees.hash(await this.options.repos.require(repo), sha, paths);
  }

  async commitsSince(repo: string, head: string, cursor: string | undefined): Promise<Commit[]> {
    return commitsSince(await this.options.repos.require(repo), head, cursor);
  }

  async tagMessage(repo: string, tag: string): Promise<string | undefined> {
    const found = await this.options.repos.find(repo);
    return found && tagMessage(found, tag);
  }

  async isAncestor(repo: string, ancestor: string, descendant: string): Promise<boolean> {
    const found = await this.options.repos.find(repo);
    return found !== undefined && isAncestor(found, ancestor, descendant);
  }

  async pullRequests(repo: string, since: number): Promise<PullRequest[]> {
    const found = await this.unlessRefused(repo);
    return found ? pullRequests(found, since) : [];
  }

  async prepare(entry: EnverEntry): Promise<Readiness> {
    const repo = await this.options.repos.require(repoName(entry.repo));
    return prepareFiles(repo, entry.revision, this.options.filesOf(entry));
  }

  /**
   * A job that deploys runs on the enver's ref, one that tears down on the default branch: the ref may be gone. Files
   * that are missing there are put in place (somebody may have removed them), and then GitHub needs a moment.
   */
  async dispatch(run: RunRequest): Promise<void> {
    const repo = await this.options.repos.require(run.repo);
    const entry = await this.options.entryOf(run.enverId);
    if (!entry) throw unknownEnver(run.enverId);
    const files = this.options.filesOf(entry);
    const [deploy, teardown] = files;
    const workflow = (run.purpose === 'deploy' ? deploy : teardown).path;
    const defaultBranch = { kind: 'branch', ref: repo.defaultBranch } as const;
    const started = await this.runs.start(repo, {
      dispatchId: run.dispatchId,
      workflow,
      ref: fullRef(run.purpose === 'deploy' ? run.revision : defaultBranch),
      inputs: {
        enver: run.enverId,
        dispatch: run.dispatchId,
        sha: run.sha,
        reason: run.reason,
      },
    });
    if (started) return;
    const readiness = await filesOnDefaultBranch(repo, files);
    if (readiness.state === 'ready') throw workflowNotKnown(workflow);
    throw new OdmdError('ODMD434', `GitHub does not know ${workflow}: ${readiness.message}`, {
      where: run.enverId,
      fix: 'merge the pull request; the job starts by itself then',
    });
  }

  async findRun(repo: string, dispatchId: string): Promise<RunStatus | undefined> {
    const found = await this.options.repos.find(repo);
    return found && this.runs.status(found, dispatchId);
  }

  private async unlessRefused(repo: string): Promise<Repo | undefined> {
    try {
      return await this.options.repos.find(repo);
    } catch (error) {
      if (error instanceof OdmdError && REFUSED.has(error.code)) return undefined;
      throw error;
    }
  }
}

/** Another repository, none any more, or one that GitHub does not let the App see. */
const REFUSED: ReadonlySet<string> = new Set([...NOT_OURS, 'ODMD433']);

function unknownEnver(enverId: string): OdmdError {
  return new OdmdError('ODMD435', `there is no contract entry of ${enverId} any more`, {
    where: enverId,
    fix: 'publish the contracts again that declare it: its workflow is found by its entry',
  });
}
