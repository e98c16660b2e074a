import { appSecretReader } from './clients.js';
import { readEnvironment } from './environment.js';
import { log } from './log.js';
import { createCloudPlatform } from './platform.js';

/*
 * Lifecycle: every minute the tick, every quarter of an hour the sweep.
 * Idempotency key: none is needed: both only enqueue hints.
 * Failure modes: the next one does what this one did not.
 */

const environment = readEnvironment(process.env);
const appSecret = appSecretReader(environment.ODMD_APP_SECRET);
let platform: Promise<ReturnType<typeof createCloudPlatform>> | undefined;

export async function handler({ task }: { readonly task: 'tick' | 'sweep' }): Promise<void> {
  platform ??= appSecret().then((secret) => createCloudPlatform(environment, secret));
  const { plane } = await platform;
  const start = Date.now();
  await (task === 'sweep' ? plane.sweep() : plane.tick());
  if (task === 'sweep') log('info', 'sweep', { ms: Date.now() - start });
}
