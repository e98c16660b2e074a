import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { handleBatch } from './batch.js';
import { appSecretReader } from './clients.js';
import { readEnvironment } from './environment.js';
import { handlerOf } from './log.js';
import { once } from './once.js';
import { createCloudPlatform } from './platform.js';

/*
 * Lifecycle: one call per batch of hints; each moves one enver, ref or the contracts on by a step.
 * Idempotency key: none is needed: a step may be taken at any time, any number of times.
 * Failure modes: the rest of a group is returned as failed; what fails again and again is set aside with an alarm.
 * Gotchas: a new webhook secret or key of the App is read when the function starts anew.
 */

const environment = readEnvironment(process.env);
const appSecret = appSecretReader(environment.ODMD_APP_SECRET);
const platform = once(async () => createCloudPlatform(environment, await appSecret()));

export const handler = handlerOf(async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
  const { plane, queue } = await platform();
  return handleBatch(
    Records,
    (work) => plane.handle(work),
    (receipt, delayMs) => queue.retry({ work: { kind: 'sync' }, receipt, attempt: 1 }, delayMs),
  );
});
