import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { productPath } from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { consumed, produced } from './entries.js';
import { jobOf } from './job-of.js';
import { WORKSPACE, World } from './world.js';

vi.setConfig({ testTimeout: 60_000 });

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());

describe('two envers', () => {
  const foundation = enverEntry({ build: 'foundation', products: produced('foundation', 'bus') });
  const orders = enverEntry({
    build: 'orders',
    consumes: consumed(foundation),
    products: produced('orders', 'url'),
    commands: {
      test: ['printenv AWS_ACCESS_KEY_ID || echo none'],
      deploy: [
        'printenv AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN > credentials',
        'printenv ACTIONS_ID_TOKEN_REQUEST_TOKEN || echo no proof',
        'echo "url=http://$ODMD_INPUT_BUS/" >> "$ODMD_OUTPUT"',
      ],
      destroy: [],
    },
  });
  beforeAll(() => world.add(foundation, orders));

  it('hand a product on, from one repository to another', async () => {
    await world.dispatch(foundation);
    const producer = await jobOf(world, foundation);
    producer.write('outputs', 'bus=arn-of-the-bus\n');
    expect(await producer.step('publish')).toEqual({
      code: 0,
      stdout: 'published foundation/b..main, products: 1\n  bus  version 1\n',
      stderr: '',
    });
    expect(producer.wire.counts()).toEqual({
      'GET S3': 1,
      GetParameters: 1,
      PutParameter: 2,
      PutEvents: 1,
    });

    await world.dispatch(orders);
    const consumer = await jobOf(world, orders);
    expect(await consumer.step('resolve')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^::add-mask::arn-of-the-bus\nresolved orders\/b\.\.main at a+, inputs: 1\n/,
      ),
      stderr: '',
    });
    expect(consumer.wire.counts()).toEqual({ 'GET S3': 1, GetParameters: 2 });
    expect(JSON.parse(consumer.read('odmd.inputs.json')).inputs).toEqual({ bus: 'arn-of-the-bus' });

    const ran = await consumer.step('run');
    expect(ran).toMatchObject({ code: 0, stdout: 'none\nno proof\n' });
    const [accessKeyId = '', secretAccessKey = '', sessionToken = ''] = consumer
      .read('credentials')
      .split('\n');
    const sts = new STSClient(world.emulator.clientWith({ accessKeyId, secretAccessKey, sessionToken }));
    expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toMatch(
      `arn:aws:sts::${WORKSPACE}:assumed-role/orders--main-build/`,
    );
    expect(await consumer.step('publish')).toMatchObject({ code: 0, stderr: '' });
    expect(await world.stored(productPath(orders.id, 'url'))).toEqual({
      version: 1,
      value: '"http://arn-of-the-bus/"',
    });
  });

  it('make no version of what did not change, and one of what did', async () => {
    const entry = enverEntry({ build: 'again', products: produced('again', 'bus') });
    const path = productPath(entry.id, 'bus');
    await world.add(entry);
    await world.dispatch(entry);
    const job = await jobOf(world, entry);
    job.write('outputs', 'bus=one\n');
    await job.step('publish');
    job.wire.counts();
    await job.step('publish');
    expect(job.wire.counts()).toEqual({ 'GET S3': 1, GetParameters: 1 });

    await world.dispatch(entry, 'd2', 'b'.repeat(40));
    job.variables.ODMD_DISPATCH = 'd2';
    expect((await job.step('publish')).stdout).toContain('bus  version 1 (unchanged)');
    expect(job.wire.counts()).toEqual({ 'GET S3': 1, GetParameters: 1, PutParameter: 1, PutEvents: 1 });

    job.write('outputs', 'bus=another\n');
    expect((await job.step('publish')).stdout).toContain('bus  version 2\n');
    const events = job.wire.calls.find(({ name }) => name === 'PutEvents');
    expect(JSON.parse(events?.body ?? '{}')).toEqual({
      Entries: [
        {
          EventBusName: 'odmd',
          Source: 'odmd.enver/again/b..main',
          DetailType: 'ProductsPublished',
          Detail: JSON.stringify({ enver: entry.id, paths: [path] }),
        },
        expect.objectContaining({ DetailType: 'EnverDeployed' }),
      ],
    });
    expect(await world.stored(path)).toEqual({ version: 2, value: '"another"' });
  });

  it('are told on the page of the run: paths and versions, never values', async () => {
    const [from, entry] = [
      enverEntry({ build: 'told', products: produced('told', 'bus') }),
      enverEntry({ build: 'tells', products: produced('tells', 'url') }),
    ];
    const uses = enverEntry({ ...entry, consumes: consumed(from) });
    await world.add(from, uses);
    const input = productPath(from.id, 'bus');
    await world.store(input, '"secret-in"');
    await world.dispatch(uses);
    const job = await jobOf(world, uses);
    job.variables.GITHUB_STEP_SUMMARY = `${job.folder}/summary`;
    await job.step('resolve');
    job.write('outputs', 'url=secret-out\n');
    await job.step('publish');
    await job.step('publish');
    const output = productPath(entry.id, 'url');
    const summary = job.read('summary');
    expect(summary).toContain(`| input | version |\n| --- | --- |\n| \`${input}\` | 1 |\n`);
    expect(summary).toContain(`| \`${output}\` | 1 |\n`);
    expect(summary).toContain(`| \`${output}\` | 1 (unchanged) |\n`);
    expect(summary).not.toContain('secret');

    job.variables.GITHUB_STEP_SUMMARY = `${job.folder}/nowhere/summary`;
    expect(await job.step('publish')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('the summary of the run was not written'),
    });
  });

  it('resolve the dispatched version, though there is a newer one', async () => {
    const from = enverEntry({ build: 'from', products: produced('from', 'bus') });
    const entry = enverEntry({ build: 'late', consumes: consumed(from) });
    await world.add(entry);
    await world.store(productPath(from.id, 'bus'), '"old"');
    await world.dispatch(entry);
    await world.store(productPath(from.id, 'bus'), '"new"');
    const job = await jobOf(world, entry);
    await job.step('resolve');
    expect(JSON.parse(job.read('odmd.inputs.json')).inputs).toEqual({ bus: 'old' });
    await world.dispatch(entry, 'd2');
    expect(await job.step('resolve')).toMatchObject({
      code: 75,
      stderr: expect.stringContaining('superseded by d2; this job is d1'),
    });
  });
});

describe('a job that a person started', () => {
  const entry = enverEntry({ build: 'by-hand', products: produced('by-hand', 'a') });
  const sha = 'c'.repeat(40);
  beforeAll(() => world.add(entry));

  it('repeats the newest dispatch of its commit', async () => {
    const job = await jobOf(world, entry);
    Object.assign(job.variables, { ODMD_DISPATCH: '', ODMD_SHA: sha });
    expect(await job.step('resolve')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^ODMD509 .*nothing was dispatched yet\n {2}fix: .*odmd deploy/),
    });
    await world.dispatch(entry, 'd1', sha);
    job.write('outputs', 'a=x\n');
    expect((await job.step('publish')).stderr).toContain('run `odmd-enver resolve` first');
    expect(await job.step('resolve')).toMatchObject({ code: 0 });
    expect(await job.step('publish')).toMatchObject({ code: 0, stderr: '' });

    await world.dispatch(entry, 'd2', sha);
    expect(await job.step('publish')).toMatchObject({
      code: 75,
      stderr: expect.stringContaining('superseded by d2; this job is d1'),
    });
    await world.dispatch(entry, 'd3', 'd'.repeat(40));
    expect((await job.step('resolve')).stderr).toContain('the platform dispatched dddd');
  });
});

describe('a branch of any name', () => {
  it.each([`\${{github.token}}`, 'größe/$HOME', "it's", 'a,b{c}'])(
    '%s has roles that its job gets',
    async (ref) => {
      const entry = enverEntry({ build: 'any', revision: { kind: 'branch', ref } });
      await world.add(entry);
      await world.dispatch(entry);
      const job = await jobOf(world, entry);
      expect(await job.step('resolve')).toMatchObject({ code: 0, stderr: '' });
      const other = await jobOf(world, entry, { ref: `${job.variables.GITHUB_REF}x` });
      other.variables.GITHUB_REF = job.variables.GITHUB_REF ?? '';
      expect(await other.step('resolve')).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^ODMD550 /),
      });
    },
  );
});
