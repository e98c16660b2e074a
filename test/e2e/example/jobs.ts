import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { COMMAND } from '../../enver-runtime/aws-job.js';
import { runProgram } from '../command.js';
import type { Dispatched } from '../jobs.js';
import type { Landscape } from '../landscape.js';
import { ARTIFACT, outputsOf } from './org.js';

/**
 * Carries out the jobs that the runner of the landscape leaves alone, two at a time: between reading its inputs and
 * publishing its products each does nothing. All that it has of AWS is its token, and both are done by the command that
 * real jobs use. What happens between them (apps of the CDK, images, packages) is the subject of other tests.
 */
export class ExampleJobs {
  /** Ids of envers in the order in which their jobs ended. */
  readonly ended: string[] = [];
  private readonly taken = new Set<string>();
  private stopped = false;
  private readonly working: Promise<void>[];

  constructor(private readonly land: Landscape) {
    this.working = [this.work(), this.work()];
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.working);
  }

  private async work(): Promise<void> {
    while (!this.stopped) {
      const job = this.next();
      if (job) await this.run(job);
      else await pause(50);
    }
  }

  private next(): Dispatched | undefined {
    const { jobs, manifest } = this.land;
    const newest = Object.keys(manifest.envers).map((id) => jobs.dispatchOf(id));
    const job = newest.find((one) => one && !jobs.accepts(one) && !this.taken.has(one.inputs.dispatch ?? ''));
    if (job) this.taken.add(job.inputs.dispatch ?? '');
    return job;
  }

  private async run(job: Dispatched): Promise<void> {
    const { enver = '', dispatch = '' } = job.inputs;
    const folder = mkdtempSync(join(tmpdir(), 'odmd-example-'));
    const problem = await this.steps(job, folder).catch((error: Error) => String(error.stack));
    rmSync(folder, { recursive: true, force: true });
    if (problem !== undefined) console.error(`the job of ${enver}: ${problem}`);
    this.ended.push(enver);
    await this.land.github.endRun(dispatch, problem === undefined ? 'success' : 'failure');
  }

  /** @returns what went wrong */
  private async steps(job: Dispatched, folder: string): Promise<string | undefined> {
    const entry = this.land.manifest.envers[job.inputs.enver ?? ''];
    if (!entry) return 'the contracts have no such enver';
    writeFileSync(join(folder, 'outputs'), outputsOf(entry));
    writeFileSync(join(folder, ARTIFACT.name), ARTIFACT.text);
    const env = await this.environment(job, folder);
    for (const step of ['resolve', 'publish']) {
      const { code, log } = await runProgram(process.execPath, [COMMAND, step], { cwd: folder, env });
      // A newer dispatch has come: its job goes on.
      if (code === 75) return undefined;
      if (code !== 0) return `${step} ended with ${code}: ${log}`;
    }
    return undefined;
  }

  private async environment(job: Dispatched, folder: string): Promise<Record<string, string>> {
    const { aws, central, github, manifest } = this.land;
    const { enver = '', dispatch = '' } = job.inputs;
    const entry = manifest.envers[enver];
    const repository = github.inside.store.repos.all().find(({ full_name }) => full_name === job.repo);
    return {
      HOME: folder,
      GITHUB_ACTIONS: 'true',
      GITHUB_REF: job.ref,
      ODMD_ENVER: enver,
      ODMD_DISPATCH: dispatch,
      ODMD_ACCOUNT: entry?.account.id ?? '',
      ODMD_CENTRAL_ACCOUNT: central.account,
      ODMD_CENTRAL_REGION: central.region,
      ODMD_OUTPUT: join(folder, 'outputs'),
      AWS_REGION: entry?.region ?? '',
      AWS_ENDPOINT_URL: aws.url,
      ...(await aws.issuer.tokenRequest({
        repository: job.repo,
        repository_id: repository?.id ?? 0,
        ref: job.ref,
        workflow: job.workflow,
      })),
    };
  }
}
