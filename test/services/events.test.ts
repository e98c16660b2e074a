import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { canonicalJson, type EnverEntry, productPath } from '@ondemandenv/contracts-base';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { AwsJob } from '../enver-runtime/aws-job.js';
import { jobOf } from '../enver-runtime/job-of.js';
import { NpmRegistry } from '../enver-runtime/packages/npm-registry.js';
import { WORKSPACE, World } from '../enver-runtime/world.js';
import { COFFEE_SHOP, coffeeShop, hosted } from './coffee-shop.js';

/* The events of the coffee shop: a package of a tag, and the catalogue that is made of the very same package. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let world: World;
let registry: NpmRegistry;
beforeAll(async () => {
  [world, registry] = await Promise.all([World.start(), NpmRegistry.start()]);
});
afterAll(async () => {
  await registry?.stop();
  await world?.stop();
});

/** A job in a checkout, where the registry of this machine stands in for that of GitHub. */
async function checkout(entry: EnverEntry): Promise<AwsJob> {
  await world.dispatch(entry);
  const job = await jobOf(world, entry);
  cpSync(join(COFFEE_SHOP, 'services/order-events', entry.workDir), job.folder, { recursive: true });
  const file = join(job.folder, 'package.json');
  const { publishConfig: _, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify(manifest));
  // As `actions/setup-node` writes it.
  const auth = `//${new URL(registry.url).host}/:_authToken=$\u007bNODE_AUTH_TOKEN}`;
  job.write('.npmrc', `@coffee-shop:registry=${registry.url}\n${auth}\n`);
  Object.assign(job.variables, registry.variablesIn(job.folder));
  return job;
}

const product = async (entry: EnverEntry, name: string) => (await world.product(entry, name)).value;

it('a version of the events becomes a package, and the catalogue is made of it', async () => {
  const { envers } = await coffeeShop();
  const events = hosted(envers['order-events/t..v1.4.0']);
  const catalogue = hosted(envers['event-catalogue/t..v1.4.0']);
  await world.add(events, catalogue);
  await (await checkout(events)).deploy();
  const { versions } = await registry.packument('@coffee-shop/order-events');
  expect(await product(events, 'package')).toEqual({
    name: '@coffee-shop/order-events',
    version: '1.4.0',
    integrity: versions['1.4.0']?.dist.integrity,
  });

  await (await checkout(catalogue)).deploy();
  expect(await product(catalogue, 'url')).toBe(
    'https://github.com/coffee-shop/order-events/blob/v1.4.0/catalogue/README.md',
  );
  const place = await product(catalogue, 'schemas');
  const [, Bucket, Key, VersionId] = /^s3:\/\/([^/]+)\/(.+)@(.+)$/.exec(String(place)) ?? [];
  const s3 = new S3Client(world.emulator.clientFor(WORKSPACE));
  const found = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  expect(JSON.parse((await found.Body?.transformToString()) ?? '')).toHaveProperty('OrderPlaced.required', [
    'drink',
  ]);

  const changed = { ...((await product(events, 'package')) as object), integrity: 'sha512-AAAA' };
  await world.store(productPath(events.id, 'package'), canonicalJson(changed));
  const job = await checkout(catalogue);
  await job.step('resolve');
  expect(await job.step('run')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('@coffee-shop/order-events@1.4.0 is not what was published'),
  });
});
