import type { KeyValue, RunRequest, RunStatus } from '@ondemandenv/control-plane';
import { forLog } from '../for-log.js';
import type { GitRepos } from '../git/index.js';
import { removeFiles } from '../remove-files.js';
import type { JobContext } from './environment.js';
import { execute, TIMED_OUT } from './execute.js';
import { type JobRecord, JobTable, jobPaths } from './record.js';

export interface JobRunnerOptions {
  readonly repos: GitRepos;
  readonly store: KeyValue;
  /** How many jobs run at once. */
  readonly concurrency: number;
  /**
   * Asked when a job starts. An `OdmdError` fails the job with its message; after any other error the job counts
   * as lost.
   */
  readonly jobContext: (request: RunRequest) => Promise<JobContext>;
  /** The stored state of a job changed. */
  readonly onChange: (dispatchId: string, enverId: string) => void;
  /** One line about what did not work, for whoever runs the platform. */
  readonly log: (line: string) => void;
  /**
   * How long the processes of a job may take to end when they are asked to, in milliseconds.
   * @default 5000
   */
  readonly graceMs?: number;
}

interface RunningJob {
  readonly enverId: string;
  readonly control: AbortController;
  readonly done: Promise<void>;
}

/** Ended jobs of an enver that are kept, with their logs. */
const KEPT_PER_ENVER = 20;
/** The longest that a timer can take: 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs deployments and teardowns as processes of this machine: in the order of the requests, a few at once, one
 * per enver. Requests are kept in the store; a job that was cut short by the end of the platform runs again from
 * its start.
 */
export class JobRunner {
  private readonly table: JobTable;
  private readonly running = new Map<string, RunningJob>();
  private readonly forgetting = new Set<string>();
  private stopped = false;

  constructor(private readonly options: JobRunnerOptions) {
    this.table = new JobTable(options.store);
  }

  /** Continues what an earlier process left behind. To be called once, before anything else. */
  recover(): void {
    for (const { request, state } of this.table.all())
      if (state === 'running') this.change(request, { state: 'queued' });
    this.pump();
  }

  /** A second request with the same dispatch id starts nothing. */
  start(request: RunRequest): void {
    if (!this.table.add(request)) return;
    this.options.onChange(request.dispatchId, request.enverId);
    this.pump();
  }

  /** `undefined`: no such job was requested. */
  status(dispatchId: string): RunStatus | undefined {
    const job = this.table.get(dispatchId);
    if (job?.state !== 'ended') return job && { state: job.state };
    return { state: job.state, conclusion: job.conclusion, reason: job.reason };
  }

  /** Where the job's output is; the file may not exist yet. */
  logFile(dispatchId: string): string {
    return jobPaths(this.options.repos.home, dispatchId).log;
  }

  /** The dispatch id of the enver's newest request. */
  latest(enverId: string): string | undefined {
    return this.jobsOf(enverId).at(-1)?.request.dispatchId;
  }

  /** How many jobs have not ended. */
  active(): number {
    return this.table.all().filter(({ state }) => state !== 'ended').length;
  }

  /** Ends every process and starts none any more. What has not ended runs again after the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.giveUp(() => true);
  }

  /**
   * Ends an enver's jobs and removes every trace of them. Safe to repeat, also after a crash half-way. A file that
   * cannot be removed is told in the log: it holds up nobody.
   */
  async forget(enverId: string): Promise<void> {
    this.forgetting.add(enverId);
    try {
      await this.giveUp((job) => job.enverId === enverId);
      await this.removeJobs(this.jobsOf(enverId));
    } finally {
      this.forgetting.delete(enverId);
      this.pump();
    }
  }

  private async giveUp(which: (job: RunningJob) => boolean): Promise<void> {
    const jobs = [...this.running.values()].filter(which);
    for (const { control } of jobs) control.abort();
    await Promise.all(jobs.map(({ done }) => done));
  }

  private pump(): void {
    if (this.stopped) return;
    for (const { request, state } of this.table.all()) {
      if (this.running.size >= this.options.concurrency) return;
      if (state === 'queued' && this.isFree(request.enverId)) this.launch(request);
    }
  }

  private isFree(enverId: string): boolean {
    const running = [...this.running.values()];
    return !this.forgetting.has(enverId) && running.every((job) => job.enverId !== enverId);
  }

  private launch(request: RunRequest): void {
    const control = new AbortController();
    const done = this.run(request, control)
      .catch((error) => this.options.log(`job ${request.dispatchId}: ${forLog(error)}`))
      .then(() => {
        this.running.delete(request.dispatchId);
        this.pump();
      })
      .catch((error) => this.options.log(`the next job did not start: ${forLog(error)}`));
    this.running.set(request.dispatchId, { enverId: request.enverId, control, done });
    this.change(request, { state: 'running' });
  }

  private async run(request: RunRequest, control: AbortController): Promise<void> {
    const { repos, jobContext, graceMs = 5_000 } = this.options;
    const limitMs = Math.min(request.timeoutMinutes * 60_000, MAX_TIMER_MS);
    const timer = setTimeout(() => control.abort(TIMED_OUT), limitMs);
    const end = await execute({
      home: repos.home,
      searchPath: repos.searchPath,
      repo: repos.find(request.repo),
      context: jobContext,
      signal: control.signal,
      request,
      graceMs,
    }).finally(() => clearTimeout(timer));
    if (!end) return;
    this.change(request, { state: 'ended', ...end });
    await this.removeOldest(request.enverId);
  }

  private change(request: RunRequest, status: RunStatus): void {
    if (!this.table.update(request.dispatchId, status)) return;
    this.options.onChange(request.dispatchId, request.enverId);
  }

  private jobsOf(enverId: string): JobRecord[] {
    return this.table.all().filter(({ request }) => request.enverId === enverId);
  }

  private async removeOldest(enverId: string): Promise<void> {
    const ended = this.jobsOf(enverId).filter(({ state }) => state === 'ended');
    await this.removeJobs(ended.slice(0, -KEPT_PER_ENVER));
  }

  private async removeJobs(jobs: readonly JobRecord[]): Promise<void> {
    const ids = jobs.map(({ request }) => request.dispatchId);
    const paths = ids.map((id) => jobPaths(this.options.repos.home, id));
    for (const path of paths.flatMap(({ folder, log }) => [folder, log]))
      await removeFiles(path).catch((error) => this.options.log(`${path} was not removed: ${forLog(error)}`));
    this.table.remove(ids);
  }
}
