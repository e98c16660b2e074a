import { execFileSync } from 'node:child_process';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import {
  artifactBucket,
  assetPrefix,
  deployedStatePath,
  dispatchStatePath,
  entryObject,
  eventSource,
  manifestBucket,
  productPath,
} from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { REGION } from '../emulator/emulator.js';
import { root } from '../emulator/identities.js';
import { consumed, produced } from './entries.js';
import { jobOf } from './job-of.js';
import { CENTRAL, WORKSPACE, World } from './world.js';

vi.setConfig({ testTimeout: 60_000 });

const foundation = enverEntry({ build: 'foundation', products: produced('foundation', 'bus', 'secret') });
const orders = enverEntry({
  build: 'orders',
  consumes: consumed(foundation).slice(0, 1),
  products: produced('orders', 'url'),
});
const feature = enverEntry({ build: 'orders', revision: { kind: 'branch', ref: 'feature' } });
const denied = { name: expect.stringMatching(/AccessDenied/) };

let world: World;
beforeAll(async () => {
  world = await World.start();
  await world.add(foundation, orders, feature);
  for (const { path } of foundation.products) await world.store(path, '"v"');
  await world.dispatch(orders);
});
afterAll(() => world?.stop());

describe('the central role of an enver', () => {
  let ssm: SSMClient;
  let s3: S3Client;
  let bus: EventBridgeClient;
  beforeAll(async () => {
    const session = await world.centralRole(orders, await world.buildRole(orders));
    const settings = world.emulator.clientWith(session);
    ssm = new SSMClient(settings);
    s3 = new S3Client(settings);
    bus = new EventBridgeClient(settings);
  });
  const read = (...Names: string[]) => ssm.send(new GetParametersCommand({ Names }));
  const write = (Name: string) =>
    ssm.send(new PutParameterCommand({ Name, Value: '"x"', Type: 'String', Overwrite: true }));
  const foundationPath = (name: string) => productPath(foundation.id, name);

  it('reads what the enver consumes and its own, and nothing else', async () => {
    await read(foundationPath('bus'), `${foundationPath('bus')}:1`, dispatchStatePath(orders.id));
    for (const path of [
      foundationPath('secret'),
      dispatchStatePath(foundation.id),
      deployedStatePath(feature.id),
    ])
      await expect(read(path)).rejects.toMatchObject(denied);
  });

  it('writes what the enver produces and what it deployed, and nothing else', async () => {
    await write(productPath(orders.id, 'url'));
    await write(deployedStatePath(orders.id));
    for (const path of [
      foundationPath('bus'),
      productPath(orders.id, 'undeclared'),
      productPath(feature.id, 'url'),
      dispatchStatePath(orders.id),
    ])
      await expect(write(path)).rejects.toMatchObject(denied);
  });

  it('speaks for its own enver', async () => {
    const say = (Source: string, EventBusName = 'odmd') =>
      bus.send(new PutEventsCommand({ Entries: [{ EventBusName, Source, DetailType: 'x', Detail: '{}' }] }));
    expect(await say(eventSource(orders.id))).toMatchObject({ FailedEntryCount: 0 });
    for (const source of [eventSource(foundation.id), eventSource(feature.id), 'odmd'])
      await expect(say(source)).rejects.toMatchObject(denied);
    await expect(say(eventSource(orders.id), 'default')).rejects.toMatchObject(denied);
  });

  it('reads its own entry and publishes no contracts', async () => {
    const Bucket = manifestBucket(CENTRAL.account, CENTRAL.region);
    await s3.send(new GetObjectCommand({ Bucket, Key: entryObject(orders.id) }));
    const other = new GetObjectCommand({ Bucket, Key: entryObject(foundation.id) });
    await expect(s3.send(other)).rejects.toMatchObject(denied);
    for (const Key of ['manifests/x/manifest.json', entryObject(orders.id)])
      await expect(s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' }))).rejects.toMatchObject(denied);
  });

  it('is assumed by the build role of its enver only', async () => {
    await world.centralRole(orders, await world.buildRole(orders));
    for (const as of [
      await world.buildRole(foundation),
      await world.buildRole(feature),
      root('333333333333'),
    ])
      await expect(world.centralRole(orders, as)).rejects.toMatchObject(denied);
  });
});

describe('the build role of an enver', () => {
  it('uploads below its own prefix only', async () => {
    const s3 = new S3Client(world.emulator.clientWith(await world.buildRole(orders)));
    const put = (Key: string) =>
      s3.send(new PutObjectCommand({ Bucket: artifactBucket(WORKSPACE, REGION), Key, Body: 'x' }));
    await put(`${assetPrefix(orders.id)}x`);
    for (const key of [`${assetPrefix(feature.id)}x`, `${assetPrefix(foundation.id)}x`, 'x'])
      await expect(put(key)).rejects.toMatchObject(denied);
  });
});

describe('odmd-enver', () => {
  it('works for a job of the enver', async () => {
    const job = await jobOf(world, orders);
    expect(await job.step('whoami')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('enver     orders/b..main\n'),
    });
  });

  it.each([
    ['of another branch', { ref: 'refs/heads/feature' }, {}],
    ['of another workflow', { workflow: '.github/workflows/mine.yaml' }, {}],
    ['of another repository', { repository_id: 8 }, {}],
    ['with a forged token', {}, { forged: true }],
    ['with an expired token', {}, { expiresIn: -10 }],
    ['with a token for somebody else', {}, { audience: 'https://example.org' }],
  ])('gets nothing for a job %s', async (_, claims, options) => {
    const job = await jobOf(world, orders, claims, options);
    // What the job says of itself is no help.
    job.variables.GITHUB_REF = 'refs/heads/main';
    const result = await job.step('resolve');
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^ODMD55[01] .*role\/odmd\/orders\/orders--main-build: .*\n {2}fix: /);
    expect(job.wire.counts()).toEqual({});
  });

  it('cannot be talked into another enver', async () => {
    const job = await jobOf(world, orders);
    job.variables.ODMD_ENVER = feature.id;
    expect(await job.step('whoami')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('orders--feature-build: AWS refused to assume the role'),
    });
  });

  it('says that a job runs for another ref than its enver', async () => {
    const job = await jobOf(world, orders);
    job.variables.GITHUB_REF = 'refs/heads/feature';
    expect(await job.step('resolve')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^ODMD507 .*runs for refs\/heads\/feature, .* of refs\/heads\/main\n/),
    });
  });

  it('says that the commit does not have the folder of the build', async () => {
    const job = await jobOf(world, orders);
    job.variables.GITHUB_WORKSPACE = `${job.folder}/nowhere`;
    expect(await job.step('resolve')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^ODMD508 \.: the commit has no such folder/),
    });
  });

  it('says that a job may not ask for a token', async () => {
    const job = await jobOf(world, orders);
    delete job.variables.ACTIONS_ID_TOKEN_REQUEST_URL;
    expect((await job.step('whoami')).stderr).toContain('give the job the permission `id-token: write`');
    job.variables.ACTIONS_ID_TOKEN_REQUEST_URL = job.wire.url;
    job.wire.intercept = () => ({ status: 403, type: 'Forbidden' });
    expect((await job.step('whoami')).stderr).toContain(
      'no token for this job: GitHub answered with status 403',
    );
  });

  it('works on a laptop with the credentials that the SDK finds', async () => {
    const job = await jobOf(world, orders);
    const { accessKeyId, secretAccessKey, sessionToken = '' } = await world.buildRole(orders);
    for (const name of ['GITHUB_ACTIONS', 'ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'])
      delete job.variables[name];
    job.variables.AWS_EC2_METADATA_DISABLED = 'true';
    expect((await job.step('whoami')).stderr).toContain('there are no AWS credentials');
    Object.assign(job.variables, {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    });
    expect(await job.step('resolve')).toMatchObject({ code: 0, stderr: '' });

    // There a person checks out what is deployed.
    const git = (...args: string[]) => execFileSync('git', args, { cwd: job.folder, stdio: 'pipe' });
    git('init', '-q', '-b', 'other');
    const { owner, name } = orders.repo;
    git('remote', 'add', 'origin', `git@github.com:${owner}/elsewhere.git`);
    expect((await job.step('whoami')).stdout).toContain(
      `warning   branch other of ${owner}/elsewhere is checked out here; the enver is branch main of ${owner}/${name}\n`,
    );
    git('symbolic-ref', 'HEAD', 'refs/heads/main');
    git('remote', 'set-url', 'origin', `https://github.com/${owner.toUpperCase()}/${name}`);
    const here = await job.step('whoami', '--json');
    expect(here, here.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(here.stdout)).not.toHaveProperty('elsewhere');
  });
});
