import { join } from 'node:path';
import type { EnverEntry } from '@ondemandenv/contracts-base';
import { deployStacks } from '../cdk-cli/stacks.js';
import { childEnvironment } from '../child-environment.js';
import type { ChildOptions } from '../child-process.js';
import { type JobContext, ownEntry, withCredentials } from '../context.js';
import { contractsLibSteps, quietNpm } from '../contracts-lib.js';
import { INPUTS_FILE, readInputsFile } from '../inputs-file.js';
import { runSteps, type Step, shellStep } from '../steps.js';

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
    options: { cwd, signals, env: childEnvironment(env, entry, inputs, join(cwd, INPUTS_FILE)) },
  };
}

/**
 * Deploys the enver as its kind is deployed, without its tests.
 *
 * @throws OdmdError ODMD514 before `resolve` · ODMD560 to ODMD564 for what is wrong with a CDK app
 * @throws CommandFailed ODMD520 with the exit code of the command
 */
export async function deploy(context: JobContext): Promise<void> {
  await deployPrepared(context, await prepare(context));
}

export async function deployPrepared(context: JobContext, prepared: Prepared): Promise<void> {
  const { job, say } = context;
  const { entry } = prepared;
  // What a contractsLib builds is no deployment: it goes without credentials.
  const options = entry.kind === 'contractsLib' ? prepared.options : await withCredentials(context, prepared);
  if (entry.kind === 'cdk') return deployStacks(entry, job.outputFile, { ...options, say });
  if (entry.kind === 'contractsLib')
    return runSteps(contractsLibSteps, { ...options, env: { ...options.env, ...quietNpm } }, say);
  const steps: readonly Step[] = entry.commands.deploy.map(shellStep);
  if (steps.length === 0) say(`${entry.id} has no deploy commands: nothing to run`);
  return runSteps(steps, options, say);
}
