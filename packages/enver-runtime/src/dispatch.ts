import {
  type DispatchState,
  dispatchStatePath,
  dispatchStateSchema,
  OdmdError,
} from '@ondemandenv/contracts-base';
import { TryLater } from './errors.js';
import type { StoredValue } from './platform.js';

/** Which dispatch a job was started for. */
export interface Dispatched {
  readonly enver: string;
  readonly dispatch: string;
}

/**
 * The dispatch state among the values read, if it is still the one that started this job.
 *
 * @throws TryLater ODMD510 superseded
 */
export function currentDispatch(job: Dispatched, values: readonly StoredValue[]): DispatchState {
  const stored = values.find(({ path }) => path === dispatchStatePath(job.enver));
  const state = stored && parseDispatch(stored);
  if (state?.id === job.dispatch) return state;
  throw state ? supersededBy(state.id, job) : removed(job);
}

function supersededBy(newer: string, job: Dispatched): TryLater {
  return new TryLater('ODMD510', `superseded by ${newer}; this job is ${job.dispatch}`, {
    where: job.enver,
  });
}

function removed(job: Dispatched): TryLater {
  return new TryLater('ODMD510', 'superseded: the platform has no dispatch of this enver any more', {
    where: job.enver,
  });
}

/** @throws OdmdError ODMD504 */
export function parseDispatch(stored: StoredValue): DispatchState {
  try {
    return dispatchStateSchema.parse(JSON.parse(stored.value));
  } catch (cause) {
    throw new OdmdError('ODMD504', 'the dispatch state was not understood', {
      where: stored.path,
      fix: 'use releases of the platform and of odmd-enver that belong together',
      cause,
    });
  }
}
