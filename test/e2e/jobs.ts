import { mkdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Emulator } from '../emulator/emulator.js';
import { root } from '../emulator/place.js';
import { COMMAND } from '../enver-runtime/aws-job.js';
import type { EndedStep } from '../github/actions.js';
import type { GitHubEmulator } from '../github/emulator.js';
import { commandOf, startRegistry } from '../workflows/act/registry.js';
import { type EndedRun, runWorkflow } from '../workflows/act/run.js';
import { GitMirror, git } from './git-mirror.js';

/** A dispatched run of a workflow. */
export interface Dispatched {
  readonly id: number;
  /** `owner/name`. */
  readonly repo: string;
  /** Full git name of the ref that it was dispatched on. */
  readonly ref: string;
  /** Path of the workflow file in the repository. */
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface RanJob extends Dispatched, EndedRun {}

export interface JobsOptions {
  readonly aws: Emulator;
  readonly github: GitHubEmulator;
  /** Where they work, with what they find installed. */
  readonly folder: string;
}

/**
 * Carries out what is dispatched, two jobs at a time: the workflow file that is committed, by somebody else's runner,
 * with nothing of AWS in its hands but a token that says which job it is.
 */
export class Jobs {
  /** In the order in which they ended. */
  readonly ended: RanJob[] = [];
  /** In the order in which they were dispatched. */
  readonly dispatched: Dispatched[] = [];
  /** Jobs of which this says no stay in the queue of GitHub. */
  accepts: (job: Dispatched) => boolean = () => true;
  private readonly taken = new Set<number>();
  private stopped = false;
  private readonly working: Promise<void>[];

  private constructor(
    private readonly options: JobsOptions,
    private readonly mirror: GitMirror,
    private readonly registry: { readonly url: string; readonly server: Server },
  ) {
    this.working = [this.work(), this.work()];
  }

  static async start(options: JobsOptions): Promise<Jobs> {
    const { folder } = options;
    const odmd = join(root, 'packages/cli/dist/main.js');
    const registry = await startRegistry(folder, {
      'odmd-enver': commandOf(COMMAND),
      odmd: commandOf(odmd),
    });
    return new Jobs(options, new GitMirror(options.github, join(folder, 'git')), registry);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.working);
    this.registry.server.close();
  }

  /** Whether nothing is dispatched that would be taken, and nothing runs. */
  get idle(): boolean {
    return this.taken.size === this.ended.length && this.waiting() === undefined;
  }

  /** The newest run that an enver was dispatched for. */
  dispatchOf(enver: string): Dispatched | undefined {
    this.waiting();
    return this.dispatched.findLast(({ inputs }) => inputs.enver === enver);
  }

  private async work(): Promise<void> {
    while (!this.stopped) {
      const job = this.waiting();
      if (!job) {
        await pause(50);
        continue;
      }
      this.taken.add(job.id);
      this.ended.push(await this.run(job));
    }
  }

  private waiting(): Dispatched | undefined {
    const { store } = this.options.github.inside;
    for (const run of store.workflowRuns.all()) {
      const known = this.dispatched.find(({ id }) => id === run.id);
      const job = known ?? this.seen(run.id);
      if (!known && job) this.dispatched.push(job);
      if (job && !this.taken.has(run.id) && run.status !== 'completed' && this.accepts(job)) return job;
    }
    return undefined;
  }

  private seen(id: number): Dispatched | undefined {
    const { store } = this.options.github.inside;
    const run = store.workflowRuns.all().find((one) => one.id === id);
    const repo = store.repos.all().find((one) => one.id === run?.repo_id);
    const workflow = store.workflows.all().find((one) => one.id === run?.workflow_id);
    // The emulator writes a run first, and then what it was dispatched with.
    if (!run?.inputs || run.ref === undefined || !repo || !workflow) return undefined;
    const { ref, inputs } = run;
    return { id, repo: repo.full_name, ref, workflow: workflow.path, inputs, at: Date.now() };
  }

  private async run(job: Dispatched): Promise<RanJob> {
    const { code, log } = await this.act(job).catch((error: Error) => ({
      code: -1,
      log: String(error.stack),
    }));
    const conclusion = code === 0 ? 'success' : 'failure';
    await this.options.github.endRun(job.inputs.dispatch ?? '', conclusion, stepsIn(log));
    return { ...job, code, log };
  }

  private async act(job: Dispatched): Promise<EndedRun> {
    const { aws, github } = this.options;
    const origin = await this.mirror.of(job.repo);
    const home = join(this.options.folder, `job-${job.id}`);
    const checkout = join(home, 'repo');
    mkdirSync(home);
    await git(home, 'clone', '--quiet', '--no-checkout', origin, checkout);
    await git(checkout, 'fetch', '--quiet', 'origin', job.ref);
    await git(checkout, 'checkout', '--quiet', '--detach', 'FETCH_HEAD');
    const repository = github.inside.store.repos.all().find(({ full_name }) => full_name === job.repo);
    const proof = await aws.issuer.tokenRequest({
      repository: job.repo,
      repository_id: repository?.id ?? 0,
      ref: job.ref,
      workflow: job.workflow,
    });
    const variables = {
      TEST_ORIGIN: origin,
      GITHUB_REF: job.ref,
      npm_config_registry: this.registry.url,
      npm_config_cache: join(this.options.folder, 'npm'),
      CDK_VALIDATION: 'false',
      AWS_ENDPOINT_URL: aws.url,
      ...proof,
    };
    // Below the folder of the jobs, so that what is installed there is found.
    const { workflow, inputs } = job;
    const token = 'token-of-the-job';
    const ended = await runWorkflow({ workflow, inputs, variables, token, checkout, home });
    rmSync(home, { recursive: true, force: true });
    return ended;
  }
}

/** What the runner says of each step. */
function stepsIn(log: string): EndedStep[] {
  return [...log.matchAll(/(Success|Failure) - Main (.*?)(?: \[[\d.]+m?s\])?$/gm)].map(
    ([, how, name = '']) => ({
      name: name.trim(),
      conclusion: how === 'Success' ? 'success' : 'failure',
    }),
  );
}
