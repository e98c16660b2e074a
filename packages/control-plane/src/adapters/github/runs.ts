import { OdmdError } from '@ondemandenv/contracts-base';
import type { RunStatus } from '../../ports/source-host.js';
import { ThrottledError } from '../../ports/throttled-error.js';
import { ask, find, refusalOf } from './ask.js';
import type { Repo } from './repos.js';
import { isRunOf } from './run-name.js';
import { type FinishedRun, statusOf } from './run-status.js';

/** A job to start: a workflow file, the ref that it runs on, and what it is told. */
export interface Job {
  readonly dispatchId: string;
  /** Path of the workflow file. */
  readonly workflow: string;
  /** Full name of the ref. */
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
}

const PER_PAGE = 100;
/** GitHub answers no more than this to one question for runs. */
const MAX_RUNS = 1_000;
/** How far back a run is looked for: longer than any job may wait and run. */
const LOOK_BACK_MS = 3 * 86_400_000;
/** GitHub may list a run only some time after it took the dispatch. */
const UNLISTED_MS = 60_000;
/** And it knows a workflow file only some time after it was committed. */
const UNKNOWN_WORKFLOW_MS = 10_000;
const REMEMBERED = 1_000;

/** Jobs as runs of workflows, found again by the dispatch id in the name of their run. */
export class Runs {
  private readonly started = new Map<string, { readonly at: number; readonly run: number | undefined }>();

  constructor(
    private readonly laterStep: string,
    private readonly now: () => number,
  ) {}

  /**
   * Starts a job unless it was started before. Two requests: one looks for its run. (If the process dies after GitHub
   * took the dispatch, and another one comes before GitHub lists the run, there will be a second run of the same
   * dispatch: it does the same over again.)
   *
   * @returns false when GitHub does not know the workflow file
   * @throws OdmdError ODMD434
   */
  async start(repo: Repo, job: Job): Promise<boolean> {
    if (this.isUnlisted(job.dispatchId) || (await this.listed(repo, job.dispatchId))) return true;
    const { client, at, name } = repo;
    const answer = await find(
      name,
      () =>
        client.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
          ...at,
          workflow_id: job.workflow.slice(job.workflow.lastIndexOf('/') + 1),
          ref: job.ref,
          inputs: job.inputs,
          return_run_details: true,
        }),
      [404],
    ).catch((error) => {
      throw notStarted(repo, job, error);
    });
    if (!answer) return false;
    this.remember(job.dispatchId, answer.data);
    return true;
  }

  /** One request, and one for the steps of a run that ended. */
  async status(repo: Repo, dispatchId: string): Promise<RunStatus | undefined> {
    const run = (await this.byId(repo, dispatchId)) ?? (await this.listed(repo, dispatchId));
    if (!run) return this.isUnlisted(dispatchId) ? { state: 'queued' } : undefined;
    return statusOf(repo, run, this.laterStep);
  }

  private isUnlisted(dispatchId: string): boolean {
    const started = this.started.get(dispatchId);
    return started !== undefined && this.now() - started.at < UNLISTED_MS;
  }

  private remember(dispatchId: string, answer: unknown): void {
    const details = typeof answer === 'object' && answer !== null ? answer : {};
    const id = 'workflow_run_id' in details ? details.workflow_run_id : undefined;
    this.started.set(dispatchId, { at: this.now(), run: typeof id === 'number' ? id : undefined });
    const [oldest] = this.started.keys();
    if (this.started.size > REMEMBERED && oldest !== undefined) this.started.delete(oldest);
  }

  private async byId({ client, at, name }: Repo, dispatchId: string): Promise<FinishedRun | undefined> {
    const run_id = this.started.get(dispatchId)?.run;
    if (run_id === undefined) return undefined;
    return (await find(name, () => client.actions.getWorkflowRun({ ...at, run_id })))?.data;
  }

  private async listed({ client, at, name }: Repo, dispatchId: string): Promise<FinishedRun | undefined> {
    const created = `>=${new Date(this.now() - LOOK_BACK_MS).toISOString().slice(0, 19)}Z`;
    for (let page = 1; page <= MAX_RUNS / PER_PAGE; page++) {
      const query = { event: 'workflow_dispatch', created, per_page: PER_PAGE, page };
      const { data } = await ask(name, () => client.actions.listWorkflowRunsForRepo({ ...at, ...query }));
      const own = data.workflow_runs.filter((run) => isRunOf(run, dispatchId));
      // Of several, the one that goes on or did well: the others are leftovers of a crash.
      const best = own.find(({ status }) => status !== 'completed') ?? own.find(isSuccess) ?? own[0];
      if (best) return best;
      if (data.workflow_runs.length < PER_PAGE) return undefined;
    }
    return undefined;
  }
}

function isSuccess({ conclusion }: FinishedRun): boolean {
  return conclusion === 'success';
}

/** Thrown while GitHub does not know a workflow file that is in place. */
export function workflowNotKnown(path: string): ThrottledError {
  return new ThrottledError(`GitHub does not know the workflow ${path} yet`, UNKNOWN_WORKFLOW_MS);
}

function notStarted({ name }: Repo, { workflow, ref }: Job, error: unknown): unknown {
  const refusal = refusalOf(error);
  if (refusal?.status !== 422) return error;
  return new OdmdError('ODMD434', `GitHub does not start ${workflow} on ${ref}: ${refusal.message}`, {
    where: name,
    fix: 'enable the workflow if somebody disabled it, and take back what was changed in the file by hand',
    cause: error,
  });
}
