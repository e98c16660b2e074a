import { OdmdError, type RevisionRef } from '@ondemandenv/contracts-base';
import type { Commit, RunRequest, RunStatus, SourceHost } from '@ondemandenv/control-plane';
import * as git from './git/index.js';
import type { JobRunner } from './jobs/index.js';

/** The platform's own git repositories, and jobs on this machine. */
export class LocalSourceHost implements SourceHost {
  readonly unseenMs = 0;

  constructor(
    private readonly repos: git.GitRepos,
    private readonly jobs: JobRunner,
  ) {}

  async head(repo: string, revision: RevisionRef): Promise<string | undefined> {
    const found = this.repos.find(repo);
    return found && git.head(found, revision);
  }

  async refs(repo: string): Promise<{ revision: RevisionRef; sha: string }[]> {
    const found = this.repos.find(repo);
    return found ? git.refs(found) : [];
  }

  async tree(repo: string, sha: string, paths: readonly string[]): Promise<string> {
    return git.treeHash(this.existing(repo), sha, paths);
  }

  async commitsSince(repo: string, head: string, cursor: string | undefined): Promise<Commit[]> {
    return git.commitsSince(this.existing(repo), head, cursor);
  }

  async tagMessage(repo: string, tag: string): Promise<string | undefined> {
    const found = this.repos.find(repo);
    return found && git.tagMessage(found, tag);
  }

  async isAncestor(repo: string, ancestor: string, descendant: string): Promise<boolean> {
    const found = this.repos.find(repo);
    return found !== undefined && git.isAncestor(found, ancestor, descendant);
  }

  /** Plain git knows no pull requests. */
  async pullRequests(): Promise<[]> {
    return [];
  }

  /** Jobs are started by the platform itself: no workflow file is needed. */
  async prepare(): Promise<{ state: 'ready' }> {
    return { state: 'ready' };
  }

  async dispatch(run: RunRequest): Promise<void> {
    this.jobs.start(run);
  }

  async findRun(_repo: string, dispatchId: string): Promise<RunStatus | undefined> {
    return this.jobs.status(dispatchId);
  }

  /** A commit of a repo is asked for only after the repo was seen. */
  private existing(repo: string): git.BareRepo {
    const found = this.repos.find(repo);
    if (found) return found;
    throw new OdmdError('ODMD623', `there is no repository ${repo}`, { fix: 'push to it first' });
  }
}
