import { SQSClient } from '@aws-sdk/client-sqs';
import { LOGGED } from '@ondemandenv/central-stacks/names';
import { OdmdError } from '@ondemandenv/contracts-base';
import { SqsWorkQueue } from '@ondemandenv/control-plane/aws';
import { verifyWebhook, worksOf } from '@ondemandenv/control-plane/github/webhooks';
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { appSecretReader } from './clients.js';
import { readEnvironment } from './environment.js';
import { about, errorFields, handlerOf, log, originNow } from './log.js';

/*
 * Lifecycle: one call per webhook; it is answered when its hints are on the queue, so that GitHub shows a failure.
 * Idempotency key: the delivery id with the hint; a redelivery within five minutes is taken once, a later one again.
 * Failure modes: no valid signature, 401; nothing that GitHub sends, 400; anything else, 500, and the sweep finds what
 *   the webhook was about.
 * Gotchas: the body is verified as the bytes that came; a function URL may hand it over in base64.
 */

const environment = readEnvironment(process.env);
const appSecret = appSecretReader(environment.ODMD_APP_SECRET);
const queue = new SqsWorkQueue(
  new SQSClient({ region: environment.ODMD_CENTRAL_REGION }),
  environment.ODMD_QUEUE,
  originNow,
);

export const handler = handlerOf(async (event: LambdaFunctionURLEvent): Promise<LambdaFunctionURLResult> => {
  try {
    const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
    const { webhookSecrets, installations } = await appSecret();
    const webhook = verifyWebhook(body, event.headers, webhookSecrets);
    const works = worksOf(webhook.event, webhook.payload, Object.values(installations));
    const origin = `webhook ${webhook.delivery}`;
    await about({ origin }, () => queue.sendMany(works.map((work) => ({ work, cause: origin }))));
    log('INFO', 'webhook', { origin, event: webhook.event, hints: works });
    return { statusCode: 202, body: JSON.stringify({ hints: works.length }) };
  } catch (error) {
    const refused = error instanceof OdmdError && REFUSALS.get(error.code);
    log(refused ? 'WARN' : 'ERROR', LOGGED.webhookRefused, errorFields(error));
    return { statusCode: refused || 500, body: refused && error instanceof OdmdError ? error.message : '' };
  }
});

/** Whose fault it is that a webhook is not taken. */
const REFUSALS: ReadonlyMap<string, number> = new Map([
  ['ODMD436', 401],
  ['ODMD437', 413],
  ['ODMD438', 400],
]);
