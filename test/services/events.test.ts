import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Contracts, canonicalJson, type EnverEntry, productPath } from '@ondemandenv/contracts-base';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { root } from '../emulator/place.js';
import { AwsJob } from '../enver-runtime/aws-job.js';
import { NpmRegistry } from '../enver-runtime/packages/npm-registry.js';
import { WORKSPACE, World } from '../enver-runtime/world.js';

/* The events of the coffee shop: a package of a tag, and the catalogue that is made of the very same package. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const COFFEE_SHOP = join(root, 'examples/coffee-shop');

let world: World;
let registry: NpmRegistry;
const jobs: AwsJob[] = [];
beforeAll(async () => {
  [world, registry] = await Promise.all([World.start(), NpmRegistry.start()]);
});
afterEach(async () => {
  for (const job of jobs.splice(0)) await job.close();
});
afterAll(async () => {
  await registry?.stop();
  await world?.stop();
});

/** An enver of the coffee shop, which lives in one account here. */
async function enver(id: string): Promise<EnverEntry> {
  const { contracts } = (await import(join(COFFEE_SHOP, 'contracts/dist/index.js'))) as {
    contracts: Contracts;
  };
  const result = contracts.synth();
  const entry = result.ok ? result.manifest.envers[id] : undefined;
  if (!entry) throw new Error(`there is no ${id}`);
  return { ...entry, account: { ...entry.account, id: WORKSPACE } };
}

/** A job in a checkout, where the registry of this machine stands in for that of GitHub. */
async function jobOf(entry: EnverEntry): Promise<AwsJob> {
  await world.dispatch(entry);
  const job = await AwsJob.of(world, entry);
  jobs.push(job);
  cpSync(join(COFFEE_SHOP, 'services/order-events', entry.workDir), job.folder, { recursive: true });
  const file = join(job.folder, 'package.json');
  const { publishConfig: _, ...manifest } = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify(manifest));
  // As `actions/setup-node` writes it.
  const auth = `//${new URL(registry.url).host}/:_authToken=$\u007bNODE_AUTH_TOKEN}`;
  job.write('.npmrc', `@coffee-shop:registry=${registry.url}\n${auth}\n`);
  Object.assign(job.variables, {
    NODE_AUTH_TOKEN: registry.token,
    npm_config_cache: join(job.folder, '.npm'),
  });
  return job;
}

async function deploy(entry: EnverEntry): Promise<void> {
  const job = await jobOf(entry);
  for (const step of ['resolve', 'run', 'publish']) {
    const ended = await job.step(step);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
  }
}

async function product(entry: EnverEntry, name: string): Promise<unknown> {
  return JSON.parse((await world.stored(productPath(entry.id, name)))?.value ?? 'null');
}

it('a version of the events becomes a package, and the catalogue is made of it', async () => {
  const [events, catalogue] = [
    await enver('order-events/t..v1.4.0'),
    await enver('event-catalogue/t..v1.4.0'),
  ];
  await world.add(events, catalogue);
  await deploy(events);
  const { versions } = await registry.packument('@coffee-shop/order-events');
  expect(await product(events, 'package')).toEqual({
    name: '@coffee-shop/order-events',
    version: '1.4.0',
    integrity: versions['1.4.0']?.dist.integrity,
  });

  await deploy(catalogue);
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
  const job = await jobOf(catalogue);
  await job.step('resolve');
  expect(await job.step('run')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('@coffee-shop/order-events@1.4.0 is not what was published'),
  });
});
