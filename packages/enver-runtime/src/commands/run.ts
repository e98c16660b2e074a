import { join } from 'node:path';
import type { EnverEntry } from '@ondemandenv/contracts-base';
import { childEnvironment } from '../child-environment.js';
import { type JobContext, ownEntry } from '../context.js';
import { contractsLibSteps, quietNpm } from '../contracts-lib.js';
import { INPUTS_FILE, readInputsFile } from '../inputs-file.js';
import { plainStep, runSteps, type Step, shellStep } from '../steps.js';

/**
 * Runs a command with the resolved inputs in its environment, or, without one, what the contract says: its tests, and
 * when they pass its deploy commands.
 *
 * @throws OdmdError ODMD514 before `resolve`
 * @throws CommandFailed ODMD520 with the exit code of the command
 */
export async function run(context: JobContext, command: readonly string[] = []): Promise<void> {
  const { job, cwd, env, signals, say } = context;
  const inputs = await readInputsFile(cwd, job);
  const entry = await ownEntry(context);
  const steps = stepsOf(entry, command);
  if (steps.length === 0) say(`${entry.id} has no deploy commands: nothing to run`);
  const isLib = entry.kind === 'contractsLib';
  const childEnv = childEnvironment(env, entry, inputs, join(cwd, INPUTS_FILE));
  await runSteps(steps, { cwd, signals, env: { ...childEnv, ...(isLib && quietNpm) } }, say);
}

function stepsOf(entry: EnverEntry, [command, ...args]: readonly string[]): readonly Step[] {
  if (command !== undefined) return [plainStep(command, ...args)];
  if (entry.kind === 'contractsLib') return contractsLibSteps;
  const { test, deploy } = entry.commands;
  return [...test, ...deploy].map(shellStep);
}
