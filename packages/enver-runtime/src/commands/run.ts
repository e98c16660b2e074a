import { type JobContext, withCredentials } from '../context.js';
import { plainStep, runSteps, shellStep } from '../steps.js';
import { deployPrepared, prepare } from './deploy.js';

/**
 * Runs a command with the resolved inputs in its environment, or, without one, what the contract says: its tests, and
 * when they pass its deployment. The tests do not get the enver's credentials.
 *
 * @throws OdmdError ODMD514 before `resolve` · ODMD560 to ODMD564 for what is wrong with a CDK app
 * @throws CommandFailed ODMD520 with the exit code of the command
 * @throws OdmdError ODMD523 the job took longer than its contract lets it
 */
export async function run(context: JobContext, command: readonly string[] = []): Promise<void> {
  const prepared = await prepare(context);
  const { entry, options } = prepared;
  const [name, ...args] = command;
  if (name !== undefined)
    return runSteps([plainStep(name, ...args)], await withCredentials(context, prepared), context.say);
  await runSteps(entry.commands.test.map(shellStep), options, context.say, true);
  await deployPrepared(context, prepared);
}
