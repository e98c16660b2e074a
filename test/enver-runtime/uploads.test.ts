import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  artifactBucket,
  artifactSchema,
  assetPrefix,
  CONTRACTS_LIB_LATEST,
  contractsLibLatestSchema,
  productPath,
  secretArnSchema,
  writeManifest,
} from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { REGION } from '../emulator/emulator.js';
import { consumed, produced, productOf } from './entries.js';
import { jobOf } from './job-of.js';
import { CENTRAL, WORKSPACE, World } from './world.js';

vi.setConfig({ testTimeout: 60_000 });

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());

describe('artifacts', () => {
  const entry = enverEntry({
    build: 'packaged',
    products: [
      productOf('packaged/b..main', 'app', artifactSchema, 'artifact'),
      productOf('packaged/b..main', 'password', secretArnSchema, 'secret'),
    ],
  });
  const arn = `arn:aws:secretsmanager:us-west-1:${WORKSPACE}:secret:db-AbCdEf`;
  beforeAll(async () => {
    await world.add(entry);
    await world.dispatch(entry);
  });

  it('are files that become versions of objects, the same file the same one', async () => {
    const job = await jobOf(world, entry);
    job.write('app.zip', 'content');
    job.write('outputs', `app=app.zip\npassword=${arn}\n`);
    expect(await job.step('publish')).toMatchObject({ code: 0, stderr: '' });
    const path = productPath(entry.id, 'app');
    const { value = '', version } = (await world.stored(path)) ?? {};
    expect(version).toBe(1);
    const [, bucket = '', key = '', id] = /^s3:\/\/([^/]+)\/(.+)@(.+)$/.exec(JSON.parse(value)) ?? [];
    expect(bucket).toBe(artifactBucket(WORKSPACE, REGION));
    expect(key).toMatch(new RegExp(`^${assetPrefix(entry.id)}products/app/[0-9a-f]{64}/app.zip$`));
    const s3 = new S3Client(world.emulator.clientFor(WORKSPACE));
    const found = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: id }));
    expect(await found.Body?.transformToString()).toBe('content');

    const again = await job.step('publish');
    expect(again.stdout).toContain('app  version 1 (unchanged)');
    expect(await world.stored(path)).toEqual({ version: 1, value });

    job.write('app.zip', 'other content');
    expect((await job.step('publish')).stdout).toContain('app  version 2\n');
  });

  it('have to be there, and secrets to be named by their ARN', async () => {
    const job = await jobOf(world, entry);
    job.write('outputs', 'app=no-such.zip\npassword=hunter2\n');
    const result = await job.step('publish');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('ODMD533 product app: is neither a file nor the place of an S3 object');
    expect(result.stderr).toContain('ODMD533 product password: is not of its type');
    expect(result.stderr).not.toContain('hunter2');
    expect(job.wire.counts()).toEqual({ 'GET S3': 1, GetParameters: 1 });
  });
});

describe('contracts', () => {
  const lib = enverEntry({
    build: 'contracts',
    kind: 'contractsLib',
    products: [productOf('contracts/b..main', CONTRACTS_LIB_LATEST, contractsLibLatestSchema)],
  });
  const other = enverEntry({ build: 'orders' });
  beforeAll(() => world.add(lib));

  it('are kept under their commit: every entry, and the manifest after them', async () => {
    const manifest = writeManifest({
      schemaVersion: 1,
      org: 'coffee',
      accounts: { workspace1: { id: WORKSPACE } },
      repos: { shop: lib.repo },
      envers: { [lib.id]: lib, [other.id]: other },
    });
    const job = await jobOf(world, lib);
    mkdirSync(join(job.folder, '.odmd'));
    job.write('.odmd/manifest.json', manifest);
    job.write('package.json', '{"name":"contracts","version":"1.0.0","private":true}');
    const sha = job.commit();
    await world.dispatch(lib, 'd1', sha);
    expect(await job.step('publish')).toMatchObject({
      code: 0,
      stderr: 'contracts@1.0.0 is private: it is not published as a package\n',
    });

    const puts = job.wire.calls.filter(({ name }) => name === 'PUT S3').map(({ path }) => path);
    expect(puts.at(-1)).toContain(`/manifests/${sha}/manifest.json`);
    const s3 = new S3Client(world.emulator.clientFor(CENTRAL.account));
    const Bucket = `odmd-manifests-${CENTRAL.account}-${CENTRAL.region}`;
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'manifests/' }));
    expect(Contents.map(({ Key }) => Key)).toEqual([
      `manifests/${sha}/entries/contracts/b..main.json`,
      `manifests/${sha}/entries/orders/b..main.json`,
      `manifests/${sha}/manifest.json`,
    ]);
    const { value } = await world.product(lib, CONTRACTS_LIB_LATEST);
    expect(value).toMatchObject({ sha, serial: 1, version: '1.0.0' });

    job.wire.counts();
    expect((await job.step('publish')).code).toBe(0);
    expect(job.wire.counts()).toEqual({ 'GET S3': 1, GetParameters: 1 });
  });
});

describe('many values', () => {
  const names = Array.from({ length: 23 }, (_, index) => `p${index}`);
  const producer = enverEntry({ build: 'many', products: produced('many', ...names) });
  const consumer = enverEntry({ build: 'all', consumes: consumed(producer) });

  it('cost a call for each ten', async () => {
    await world.add(producer, consumer);
    for (const { path } of producer.products) await world.store(path, '"v"');
    await world.dispatch(consumer);
    const job = await jobOf(world, consumer);
    expect(await job.step('resolve')).toMatchObject({ code: 0 });
    expect(job.wire.counts()).toEqual({ 'GET S3': 1, GetParameters: 1 + 3 });
  });
});
