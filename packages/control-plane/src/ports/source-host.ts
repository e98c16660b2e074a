import type { EnverEntry, RevisionRef } from '@ondemandenv/contracts-base';

export interface Commit {
  readonly sha: string;
  readonly message: string;
}

export interface RunRequest {
  /** Unique; a second request with the same id starts nothing. */
  readonly dispatchId: string;
  /** `owner/name`. */
  readonly repo: string;
  readonly revision: RevisionRef;
  /** The commit to check out. */
  readonly sha: string;
  readonly enverId: string;
  readonly purpose: 'deploy' | 'destroy';
  /** Why it runs, for a person: one line of at most 200 characters. */
  readonly reason: string;
  readonly timeoutMinutes: number;
}

export type RunStatus =
  | { readonly state: 'queued' | 'running' }
  | {
      readonly state: 'ended';
      /**
       * `superseded`: the job stopped because a newer dispatch exists or an input is not there yet.
       * `lost`: the runner failed, not a step of the job.
       */
      readonly conclusion: 'success' | 'failure' | 'superseded' | 'timed-out' | 'lost';
      /** One line for a person: the failed step and its last words. */
      readonly reason: string;
    };

export interface PullRequest {
  readonly number: number;
  /** The branch of this very repo that it wants to merge. */
  readonly branch: string;
  /** Epoch milliseconds; absent while it is open. */
  readonly closedAt?: number;
}

/** Whether a job can be dispatched for an enver. */
export type Readiness =
  | { readonly state: 'ready' }
  /** `WaitingForWorkflow`: a person has to merge it first. `TagWithoutWorkflow`: the tag was made before there was one. */
  | {
      readonly state: 'waiting';
      readonly condition: 'WaitingForWorkflow' | 'TagWithoutWorkflow';
      readonly message: string;
    };

/** Where sources live and jobs run (GitHub with Actions in production). Repos are `owner/name`. */
export interface SourceHost {
  /** How long at most, in milliseconds, a dispatched run may not be found yet. */
  readonly unseenMs: number;
  /** The commit of a branch or tag (peeled), if it exists. */
  head(repo: string, revision: RevisionRef): Promise<string | undefined>;
  /** Every branch and tag of the repo with its commit; empty when the repo has none or does not exist. */
  refs(repo: string): Promise<{ revision: RevisionRef; sha: string }[]>;
  /** A hash of the content of these paths at a commit, generated files left out; equal content, equal hash. */
  tree(repo: string, sha: string, paths: readonly string[]): Promise<string>;
  /**
   * Commits of the first-parent chain that ends in `head`, oldest first: those after `cursor` if it lies on the
   * chain, else those after the merge base with the default branch.
   */
  commitsSince(repo: string, head: string, cursor: string | undefined): Promise<Commit[]>;
  /** The text in which a tag's commands stand: its annotation, else its commit's message. */
  tagMessage(repo: string, tag: string): Promise<string | undefined>;
  isAncestor(repo: string, ancestor: string, descendant: string): Promise<boolean>;
  /** Pull requests that come from a branch of this repo, never from a fork: those open now, and those closed since. */
  pullRequests(repo: string, since: number): Promise<PullRequest[]>;
  /** Idempotent: puts in place what a dispatch needs, a workflow file on the right branches. */
  prepare(entry: EnverEntry): Promise<Readiness>;
  /** @throws OdmdError when the host refuses it for good, such as on a ref that is gone */
  dispatch(run: RunRequest): Promise<void>;
  /** A run by its dispatch id; `undefined` when none was started. */
  findRun(repo: string, dispatchId: string): Promise<RunStatus | undefined>;
}
