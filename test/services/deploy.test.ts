import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { canonicalJson, clone, type EnverEntry, Revision } from '@ondemandenv/contracts-base';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { AwsJob } from '../enver-runtime/aws-job.js';
import { jobOf } from '../enver-runtime/job-of.js';
import { WORKSPACE, World } from '../enver-runtime/world.js';
import { COFFEE_SHOP, coffeeShop, hosted } from './coffee-shop.js';

/*
 * Two repositories of the coffee shop, deployed by jobs of their envers, and a branch of one of them beside it.
 */

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());

async function envers() {
  const manifest = await coffeeShop();
  const ofBuild = (build: string) => hosted(manifest.envers[`${build}/b..main`]);
  const request = {
    builds: ['order-manager'],
    base: Revision.branch('main'),
    revision: Revision.branch('feature/x'),
  };
  const [copy] = clone(manifest, request);
  return { foundation: ofBuild('foundation'), manager: ofBuild('order-manager'), copy: hosted(copy) };
}

/** A job in a checkout of a service. */
async function checkout(entry: EnverEntry, service: string): Promise<AwsJob> {
  await world.dispatch(entry);
  const job = await jobOf(world, entry);
  const source = join(COFFEE_SHOP, 'services', service);
  cpSync(source, job.folder, { recursive: true, filter: (path) => !path.endsWith('/node_modules') });
  symlinkSync(join(source, 'node_modules'), join(job.folder, 'node_modules'));
  // The app was built with everything else.
  job.write('cdk.json', JSON.stringify({ app: 'node dist/app.js' }));
  job.variables.CDK_VALIDATION = 'false';
  return job;
}

async function deploy(entry: EnverEntry, service: string): Promise<void> {
  await (await checkout(entry, service)).deploy();
}

async function product<T>(entry: EnverEntry, name: string): Promise<T> {
  return (await world.product(entry, name)).value as T;
}

/** Asks a function by its URL, whose host is nowhere but on AWS. */
async function ask({ url }: { url: string }, path: string, init?: RequestInit): Promise<[number, unknown]> {
  const id = new URL(url).hostname.split('.')[0];
  const answer = await fetch(`${world.emulator.url}/_aws/lambda-url/${id}${path}`, init);
  return [answer.status, await answer.json()];
}

async function exists(StackName = ''): Promise<boolean> {
  const client = new CloudFormationClient(world.emulator.clientFor(WORKSPACE));
  return client.send(new DescribeStacksCommand({ StackName })).then(
    () => true,
    () => false,
  );
}

it('deploys two services that use each other, and a branch of one beside it, which goes again', async () => {
  const { foundation, manager, copy } = await envers();
  await world.add(foundation, manager, copy);
  await deploy(foundation, 'foundation');
  expect(await product(foundation, 'bus')).toBe('foundation--main--orders');

  // What the other builds of the shop have published.
  const others: Record<string, unknown> = {
    issuer: 'https://issuer.example',
    events: { name: '@coffee-shop/order-events', version: '1.4.0', integrity: 'sha512-AAAA' },
  };
  for (const { id, path } of manager.consumes)
    if (id in others) await world.store(path, canonicalJson(others[id]));

  await deploy(manager, 'shop/manager');
  await deploy(copy, 'shop/manager');
  const [main, own] = [
    await product<{ url: string }>(manager, 'api'),
    await product<{ url: string }>(copy, 'api'),
  ];
  expect(own.url).not.toBe(main.url);
  for (const api of [main, own]) {
    // The function reads the table of the other service, with its own role.
    expect(await ask(api, '/orders')).toEqual([200, {}]);
    expect(await ask(api, '/orders', { method: 'POST', body: '{}' })).toEqual([
      401,
      { error: 'sign in first' },
    ]);
  }

  const teardown = await checkout(copy, 'shop/manager');
  const gone = await teardown.step('destroy');
  expect(gone, gone.stderr).toMatchObject({ code: 0 });
  expect([await exists(copy.stacks[0]), await exists(manager.stacks[0])]).toEqual([false, true]);
  expect((await ask(main, '/orders'))[0]).toBe(200);
});
