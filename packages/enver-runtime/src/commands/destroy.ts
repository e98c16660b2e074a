import { dispatchStatePath } from '@ondemandenv/contracts-base';
import { childEnvironment } from '../child-environment.js';
import { type JobContext, ownEntry } from '../context.js';
import { currentDispatch } from '../dispatch.js';
import { findInputs } from '../inputs.js';
import { writeInputsFile } from '../inputs-file.js';
import { runSteps, shellStep } from '../steps.js';

/**
 * Runs the contract's destroy commands with the inputs that still exist. Types are not checked: what was deployed
 * has to go, also when the contracts have moved on.
 *
 * @throws TryLater ODMD510 superseded
 * @throws CommandFailed ODMD520 with the exit code of the command
 */
export async function destroy(context: JobContext): Promise<void> {
  const { job, platform, cwd, env, signals, say } = context;
  const entry = await ownEntry(context);
  const state = currentDispatch(job, await platform.read([{ path: dispatchStatePath(job.enver) }]));
  const { found } = await findInputs(platform, entry, state.vector);
  const inputsFile = await writeInputsFile(cwd, job, found);
  const inputs = Object.fromEntries(found.map(({ id, value }) => [id, value]));
  const steps = entry.commands.destroy.map(shellStep);
  if (steps.length === 0) say(`${entry.id} has no destroy commands: nothing to run`);
  await runSteps(steps, { cwd, signals, env: childEnvironment(env, entry, inputs, inputsFile) }, say);
}
