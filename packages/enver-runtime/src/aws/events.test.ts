import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { JobEvent } from '../platform.js';
import { defaultRetry } from '../retry.js';
import { AwsServer } from '../testing/aws-server.js';
import { Events } from './events.js';

let aws: AwsServer;
let waits: number[];
beforeEach(async () => {
  aws = await AwsServer.start();
  vi.stubEnv('AWS_ENDPOINT_URL', aws.url);
  waits = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

const vector = { source: { sha: 'a', tree: 't' }, inputs: {} };
const events: JobEvent[] = [
  { type: 'ProductsPublished', detail: { enver: 'a/b..main', paths: ['/p'] } },
  { type: 'EnverDeployed', detail: { enver: 'a/b..main', dispatchId: 'd', vector } },
];

function send(): Promise<void> {
  const retry = { ...defaultRetry, sleep: async (ms: number) => void waits.push(ms) };
  const session = { accessKeyId: 'key', secretAccessKey: 'secret' };
  return new Events(async () => session, 'us-west-1', retry).send('a/b..main', events);
}

/** Answers one call after the other with the errors of its entries; the last answer again and again. */
function entries(...answers: (string | undefined)[][]): void {
  aws.answer = () => {
    const errors = answers.length > 1 ? answers.shift() : answers[0];
    const Entries = (errors ?? []).map((ErrorCode) => (ErrorCode ? { ErrorCode } : { EventId: 'x' }));
    return { body: JSON.stringify({ FailedEntryCount: errors?.filter(Boolean).length, Entries }) };
  };
}

const sent = () => aws.requests.map(({ body }) => JSON.parse(body).Entries.map(typeOf));
const typeOf = ({ DetailType }: { DetailType: string }) => DetailType;

it('sends again what the bus did not take, and nothing else', async () => {
  entries([undefined, 'ThrottlingException'], ['InternalFailure'], [undefined]);
  await send();
  expect(sent()).toEqual([['ProductsPublished', 'EnverDeployed'], ['EnverDeployed'], ['EnverDeployed']]);
  expect(waits).toHaveLength(2);
});

it('gives up in the end', async () => {
  entries(['InternalFailure', 'InternalFailure']);
  await expect(send()).rejects.toMatchObject({
    code: 'ODMD553',
    message: expect.stringContaining('announce ProductsPublished, EnverDeployed: InternalFailure'),
  });
  expect(sent()).toHaveLength(4);
});

it('does not repeat what is refused', async () => {
  entries([undefined, 'NotAuthorizedForSourceException']);
  await expect(send()).rejects.toMatchObject({ code: 'ODMD552' });
  expect(sent()).toHaveLength(1);
});
