import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LambdaProvisioner } from './lambda-provisioner.js';

const asked: unknown[] = [];
/** In place of the function: it takes down what it is asked. */
const server = createServer(async (request, response) => {
  asked.push(JSON.parse(await text(request)));
  response.end('"ready"');
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => void server.close());

it('tells the provisioner what made the platform ask, if that is known', async () => {
  const lambda = new LambdaClient({
    region: 'us-west-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const facts = async () => ({
    repo: { id: 1, ownerId: 2 },
    job: { ref: '', workflow: '' },
    pulledBy: [],
    artifacts: [],
  });
  const entry = enverEntry({ build: 'orders' });
  let origin: string | undefined = 'webhook one';
  const provisioner = new LambdaProvisioner(lambda, 'odmd-provisioner', facts, () => origin);
  expect(await provisioner.ensure(entry)).toBe('ready');
  expect(await provisioner.remove(entry)).toBe('working');
  origin = undefined;
  await provisioner.ensure(entry);
  expect(asked).toEqual([
    { task: 'ensure', entry, origin: 'webhook one', ...(await facts()) },
    expect.objectContaining({ task: 'remove', origin: 'webhook one' }),
    { task: 'ensure', entry, ...(await facts()) },
  ]);
});
