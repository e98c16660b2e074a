import { dispatchStatePath } from '@ondemandenv/contracts-base';
import { destroyStacks } from '../cdk-cli/stacks.js';
import { childEnvironment } from '../child-environment.js';
import { type JobContext, ownEntry, withCredentials } from '../context.js';
import { currentDispatch } from '../dispatch.js';
import { findInputs } from '../inputs.js';
import { writeInputsFile } from '../inputs-file.js';
import { deadlineOf, runSteps, shellStep } from '../steps.js';

/**
 * Removes what the enver's deployments made: the stacks of a CDK app, else what the contract's destroy commands remove
 * with the inputs that still exist. Types are not checked: what was deployed
 * has to go, also when the contracts have moved on.
 *
 * @throws TryLater ODMD510 superseded
 * @throws OdmdError ODMD561 no CDK CLI
 * @throws CommandFailed ODMD520 with the exit code of the command
 * @throws OdmdError ODMD523 the job took longer than its contract lets it
 */
export async function destroy(context: JobContext): Promise<void> {
  const { job, platform, cwd, env, signals, say } = context;
  // An enver whose branch is gone is torn down from another one.
  const entry = await ownEntry(context, { ofAnyRef: true });
  const state = currentDispatch(job, await platform.read([{ path: dispatchStatePath(job.enver) }]));
  const { found } = await findInputs(platform, entry, state.vector);
  const inputsFile = await writeInputsFile(cwd, job, entry, found);
  const inputs = Object.fromEntries(found.map(({ id, value }) => [id, value]));
  const ofJob = childEnvironment(env, entry, inputs, inputsFile);
  const plain = { cwd, signals, env: ofJob, deadline: deadlineOf(entry) };
  const options = await withCredentials(context, { entry, options: plain });
  if (entry.kind === 'cdk') return destroyStacks(entry, { ...options, say });
  const steps = entry.commands.destroy.map(shellStep);
  if (steps.length === 0) say(`${entry.id} has no destroy commands: nothing to run`);
  await runSteps(steps, options, say);
}
