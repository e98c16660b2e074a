import { type EnverEntry, type Manifest, workflowFile } from '@ondemandenv/contracts-base';
import { type WorkflowFile, workflowFiles } from '@ondemandenv/workflow-gen';
import { commandOf } from '../workflows/act/registry.js';
import { type Ended, type Runner, startRunner } from '../workflows/act/runner.js';
import { COMMAND } from './aws-job.js';
import type { World } from './world.js';

interface GeneratedWorkflowsOptions {
  /** What is installed as `odmd-enver`; by default the real command. */
  readonly program?: string;
  /** A folder of packages that every checkout finds installed. */
  readonly modules?: string;
  /** Further environment variables of every job. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * The generated workflows of an org, run as GitHub would run them: the real command, AWS with its policies enforced, and
 * nothing in a job's hands but the token that says what it is.
 */
export class GeneratedWorkflows {
  private dispatches = 0;

  private constructor(
    private readonly world: World,
    private readonly files: readonly WorkflowFile[],
    private readonly runner: Runner,
    private readonly variables: Readonly<Record<string, string>>,
  ) {}

  static async start(
    world: World,
    manifest: Manifest,
    { program = commandOf(COMMAND), modules, variables = {} }: GeneratedWorkflowsOptions = {},
  ): Promise<GeneratedWorkflows> {
    const files = workflowFiles(manifest);
    return new GeneratedWorkflows(world, files, await startRunner(files, program, modules), variables);
  }

  /** Commits files to a branch, which loses those of its commits before. @returns the commit */
  commit(branch: string, files: Readonly<Record<string, string>>): string {
    return this.runner.commit(branch, files);
  }

  /**
   * Dispatches a commit of an enver as the platform does, and runs its workflow to its end.
   *
   * @param by another enver, whose workflow is given the work
   */
  async run(entry: EnverEntry, sha: string, by = entry): Promise<Ended> {
    const dispatch = `d${++this.dispatches}`;
    await this.world.dispatch(entry, dispatch, sha);
    const { url, issuer } = this.world.emulator;
    const proof = await issuer.tokenRequest(this.world.claims(by));
    const inputs = { enver: entry.id, dispatch, sha, reason: 'test' };
    const variables = { ...this.variables, ...proof, AWS_ENDPOINT_URL: url };
    return this.runner.dispatch(this.fileOf(by), by.revision.ref, inputs, {}, variables);
  }

  close(): void {
    this.runner.close();
  }

  private fileOf({ build, kind, region, account }: EnverEntry): WorkflowFile {
    const path = workflowFile({ build, kind, region, account: account.name });
    const found = this.files.find((file) => file.path === path);
    if (!found) throw new Error(`there is no ${path}`);
    return found;
  }
}
