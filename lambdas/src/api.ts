import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { LambdaFunctionURLEventWithIAMAuthorizer, LambdaFunctionURLResult } from 'aws-lambda';
import { errorAnswer, json } from './api-answer.js';
import { type Caller, callerOf, runsPlatform } from './api-caller.js';
import { type ApiParts, route } from './api-routes.js';
import { appSecretReader } from './clients.js';
import { readEnvironment } from './environment.js';
import { about, errorFields, handlerOf, log } from './log.js';
import { once } from './once.js';
import { createCloudPlatform } from './platform.js';

/*
 * Lifecycle: one call per command of `odmd`; AWS lets in whoever IAM lets in, and says who it is.
 * Idempotency key: none is needed: what was asked for twice is done once.
 * Failure modes: refusals are answered with a code; what the platform failed at is in the log.
 * Gotchas: who called is taken from the request context alone, and every change is in the log with that name.
 */

const environment = readEnvironment(process.env);
const appSecret = appSecretReader(environment.ODMD_APP_SECRET);
const parts = once(open);

type Event = LambdaFunctionURLEventWithIAMAuthorizer;

export const handler = handlerOf((event: Event) => {
  const request = `${event.requestContext.http.method} ${event.rawPath}`;
  return about({ origin: request }, () => answer(event, request));
});

async function answer(event: Event, request: string): Promise<LambdaFunctionURLResult> {
  let caller: Caller | undefined;
  try {
    caller = callerOf(event, environment.ODMD_ACCOUNTS);
    const body = await route(await parts(), event, caller);
    log('INFO', 'asked', { request, caller: caller.text, ...(event.body && { body: event.body }) });
    return json(200, body);
  } catch (error) {
    const refusal = errorAnswer(error);
    const level = refusal.statusCode >= 500 ? 'ERROR' : 'WARN';
    log(level, 'refused', { request, caller: caller?.text, ...errorFields(error) });
    return refusal;
  }
}

async function open(): Promise<ApiParts> {
  const { plane, ...platform } = createCloudPlatform(environment, await appSecret());
  const { ODMD_ACCOUNTS, ODMD_CENTRAL_ACCOUNT, ODMD_INSTALLATION } = environment;
  const { contractApprovers } = ODMD_INSTALLATION;
  return {
    ...platform,
    clock: { now: Date.now },
    controlPlane: plane,
    contractApprovers,
    runsPlatform: (caller) => runsPlatform(caller, ODMD_ACCOUNTS, ODMD_CENTRAL_ACCOUNT, contractApprovers),
    queued,
  };
}

const sqs = new SQSClient({ region: environment.ODMD_CENTRAL_REGION });

async function queued(): Promise<boolean> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: environment.ODMD_QUEUE,
      AttributeNames: [...AttributeNames],
    }),
  );
  return AttributeNames.some((name) => Number(Attributes[name] ?? 0) > 0);
}
