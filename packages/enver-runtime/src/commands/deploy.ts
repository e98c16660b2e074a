import { join } from 'node:path';
import { dispatchStatePath, type EnverEntry, OdmdError } from '@ondemandenv/contracts-base';
import { deployStacks } from '../cdk-cli/stacks.js';
import { childEnvironment } from '../child-environment.js';
import type { ChildOptions } from '../child-process.js';
import { checkCommit } from '../commit.js';
import { type JobContext, ownEntry, withCredentials } from '../context.js';
import { contractsLibSteps } from '../contracts-lib.js';
import { currentDispatch } from '../dispatch.js';
import { deployImages } from '../images/deploy-images.js';
import { INPUTS_FILE, readInputsFile } from '../inputs-file.js';
import { deployPackage } from '../packages/deploy-package.js';
import { quietNpm } from '../packages/npm.js';
import { deadlineOf, runSteps, type Step, shellStep } from '../steps.js';

/** The enver of a job, and how its commands are started: with the resolved inputs in their environment. */
export interface Prepared {
  readonly entry: EnverEntry;
  readonly options: ChildOptions;
}

/** @throws OdmdError ODMD514 before `resolve` */
export async function prepare(context: JobContext): Promise<Prepared> {
  const { job, cwd, env, signals } = context;
  const inputs = await readInputsFile(cwd, job);
  const entry = await ownEntry(context);
  return {
    entry,
    options: {
      cwd,
      signals,
      env: childEnvironment(env, entry, inputs, join(cwd, INPUTS_FILE)),
      deadline: deadlineOf(entry),
    },
  };
}

/**
 * Deploys the enver as its kind is deployed, without its tests.
 *
 * @throws OdmdError ODMD514 before `resolve` · ODMD560 to ODMD564 for what is wrong with a CDK app
 * @throws CommandFailed ODMD520 with the exit code of the command
 * @throws OdmdError ODMD523 the job took longer than its contract lets it
 */
export async function deploy(context: JobContext): Promise<void> {
  await deployPrepared(context, await prepare(context));
}

export async function deployPrepared(context: JobContext, prepared: Prepared): Promise<void> {
  const { job, say } = context;
  const { entry, options } = prepared;
  const quiet = { ...options, env: { ...options.env, ...quietNpm } };
  // What a contractsLib builds is no deployment, and images and packages know other logins: these go without credentials.
  switch (entry.kind) {
    case 'contractsLib':
      return runSteps(contractsLibSteps, quiet, say);
    case 'npmPackage':
      return deployPackage(context, entry, quiet);
    case 'containerImage':
      return deployOwnImages(context, prepared);
    case 'cdk':
      return deployStacks(entry, job.outputFile, { ...(await withCredentials(context, prepared)), say });
    case 'script': {
      const steps: readonly Step[] = entry.commands.deploy.map(shellStep);
      if (steps.length === 0) say(`${entry.id} has no deploy commands: nothing to run`);
      return runSteps(steps, await withCredentials(context, prepared), say);
    }
  }
}

async function deployOwnImages(
  { job, platform, cwd, say }: JobContext,
  { entry, options }: Prepared,
): Promise<void> {
  const registry = platform.images?.(entry);
  if (registry === undefined)
    throw new OdmdError('ODMD580', 'this platform keeps no container images', {
      where: entry.id,
      fix: 'deploy it with a platform on AWS; on a laptop, let its consumers have placeholders',
    });
  const state = currentDispatch(job, await platform.read([{ path: dispatchStatePath(job.enver) }]));
  const { sha } = state.vector.source;
  await checkCommit(cwd, sha);
  const tool = job.containerTool ?? 'docker';
  await deployImages(entry, sha, registry, job.outputFile, { ...options, say, tool });
}
