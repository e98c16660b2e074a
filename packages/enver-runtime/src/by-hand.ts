import { dispatchStatePath, OdmdError } from '@ondemandenv/contracts-base';
import type { JobContext } from './context.js';
import { parseDispatch } from './dispatch.js';
import { dispatchOfInputs } from './inputs-file.js';

/**
 * A job that a person started on GitHub names no dispatch. It repeats the newest one of its enver, if that is of the
 * commit that the job has checked out; the commands after `resolve` keep to the one that `resolve` found.
 *
 * @throws OdmdError ODMD509 when the platform has dispatched another commit, or none · ODMD514 before `resolve`
 */
export async function withDispatch(context: JobContext, from: 'platform' | 'inputs'): Promise<JobContext> {
  const { job, cwd } = context;
  if (job.dispatch !== '') return context;
  const dispatch = from === 'inputs' ? await dispatchOfInputs(cwd, job.enver) : await newest(context);
  return { ...context, job: { ...job, dispatch } };
}

async function newest({ job, platform }: JobContext): Promise<string> {
  const [stored] = await platform.read([{ path: dispatchStatePath(job.enver) }]);
  const state = stored && parseDispatch(stored);
  if (state !== undefined && state.vector.source.sha === job.sha) return state.id;
  const found = state
    ? `the platform dispatched ${state.vector.source.sha} last`
    : 'nothing was dispatched yet';
  throw new OdmdError('ODMD509', `this job was started by hand for ${job.sha}, and ${found}`, {
    where: job.enver,
    fix: 'let the platform start the job: `odmd deploy` dispatches the newest state of an enver',
  });
}
