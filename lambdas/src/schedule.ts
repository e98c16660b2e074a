import { appSecretReader } from './clients.js';
import { readEnvironment } from './environment.js';
import { about, errorFields, handlerOf, log } from './log.js';
import { once } from './once.js';
import { createCloudPlatform } from './platform.js';

/*
 * Lifecycle: every minute the tick, every quarter of an hour the sweep.
 * Idempotency key: none is needed: both only enqueue hints, and what is shown on a pull request is the same again.
 * Failure modes: the next one does what this one did not.
 */

const environment = readEnvironment(process.env);
const appSecret = appSecretReader(environment.ODMD_APP_SECRET);
/** How far back failed webhooks are asked for again: some sweeps may have failed too. */
const LOOK_BACK_MS = 75 * 60_000;
const platform = once(async () => createCloudPlatform(environment, await appSecret()));

export const handler = handlerOf(({ task }: { readonly task: 'tick' | 'sweep' }) =>
  about({ origin: task }, () => run(task)),
);

async function run(task: 'tick' | 'sweep'): Promise<void> {
  const { plane, deliveries, contractCheck } = await platform();
  const start = Date.now();
  if (task === 'tick') {
    await plane.tick();
    await beside('contract check', () => contractCheck.look());
    return;
  }
  await plane.sweep();
  const redelivered = await beside('redelivery', () => deliveries.redeliverFailed(start - LOOK_BACK_MS));
  log('INFO', 'sweep', { ms: Date.now() - start, redelivered });
}

/** What the platform can do without, and does again the next time. */
async function beside<T>(what: string, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    log('WARN', `${what} failed`, errorFields(error));
    return undefined;
  }
}
