import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { canonicalJson, deployedStatePath, type EnverEntry, productPath } from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JobClaims, TokenOptions } from '../emulator/token-issuer.js';
import { AwsJob } from './aws-job.js';
import { consumed, produced } from './entries.js';
import { WORKSPACE, World } from './world.js';

vi.setConfig({ testTimeout: 60_000 });

let world: World;
let jobs: AwsJob[] = [];
beforeAll(async () => {
  world = await World.start();
});
afterEach(async () => {
  for (const job of jobs) await job.close();
  jobs = [];
});
afterAll(() => world?.stop());

async function jobOf(
  entry: EnverEntry,
  claims?: Partial<JobClaims>,
  options?: TokenOptions,
): Promise<AwsJob> {
  const job = await AwsJob.of(world, entry, claims, options);
  jobs.push(job);
  return job;
}

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
    const producer = await jobOf(foundation);
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
    const consumer = await jobOf(orders);
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
    const job = await jobOf(entry);
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
    const job = await jobOf(uses);
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
    const job = await jobOf(entry);
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
    const job = await jobOf(entry);
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
      const job = await jobOf(entry);
      expect(await job.step('resolve')).toMatchObject({ code: 0, stderr: '' });
      const other = await jobOf(entry, { ref: `${job.variables.GITHUB_REF}x` });
      other.variables.GITHUB_REF = job.variables.GITHUB_REF ?? '';
      expect(await other.step('resolve')).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^ODMD550 /),
      });
    },
  );
});

describe('a publication', () => {
  const names = ['a', 'b'];
  const entry = enverEntry({ build: 'killed', products: produced('killed', ...names) });
  const other = enverEntry({ build: 'faults', products: produced('faults', ...names) });
  beforeAll(() => world.add(entry, other));

  it('is finished by another one, wherever it is killed', async () => {
    const job = await jobOf(entry);
    for (let killAt = 1, whole = false; !whole; killAt++) {
      const dispatch = `k${killAt}`;
      await world.dispatch(entry, dispatch);
      job.variables.ODMD_DISPATCH = dispatch;
      job.write('outputs', names.map((name) => `${name}=${dispatch}\n`).join(''));
      const child = job.spawn('publish');
      let calls = 0;
      job.wire.intercept = () => {
        if (++calls !== killAt) return undefined;
        child.kill('SIGKILL');
        return new Promise(() => {});
      };
      await new Promise((resolve) => child.once('exit', resolve));
      whole = child.signalCode === null;
      job.wire.intercept = () => undefined;
      expect((await job.step('publish')).code).toBe(0);
      for (const name of names)
        expect(await world.stored(productPath(entry.id, name))).toEqual({
          version: killAt,
          value: canonicalJson(dispatch),
        });
      const deployed = await world.stored(deployedStatePath(entry.id));
      expect(deployed?.value).toContain(`"dispatchId":"${dispatch}"`);
      // Two to assume roles, one for the entry, one to read, three to write, and one for the events.
      if (whole) expect(killAt).toBe(9);
    }
  });

  it.each([
    ['does not answer', { status: 500, type: 'InternalServerError' }],
    ['asks for patience', { status: 400, type: 'ThrottlingException' }],
  ])('goes on when the store three times %s', async (how, fault) => {
    const job = await jobOf(other);
    await world.dispatch(other);
    job.write('outputs', names.map((name) => `${name}=${how}\n`).join(''));
    let left = 3;
    job.wire.intercept = ({ name }) => (name === 'PutParameter' && left-- > 0 ? fault : undefined);
    expect(await job.step('publish')).toMatchObject({ code: 0, stderr: '' });
    expect(await world.stored(productPath(other.id, 'a'))).toMatchObject({ value: canonicalJson(how) });
  });

  it.each([
    ['PutParameter', { status: 400, type: 'ExpiredTokenException' }, 'ODMD551'],
    ['PutParameter', { status: 400, type: 'AccessDeniedException', message: 'no' }, 'ODMD552'],
    ['GET S3', { status: 403, type: 'AccessDenied' }, 'ODMD552'],
    ['PutEvents', { status: 400, type: 'AccessDeniedException' }, 'ODMD552'],
    ['PutParameter', { status: 400, type: 'ValidationException', message: 'Value secret-1' }, 'ODMD554'],
  ])('says what is wrong when %s is answered with %o, and loses nothing', async (failing, fault, code) => {
    const job = await jobOf(other);
    const dispatch = `${code}-${failing}-${fault.type}`;
    await world.dispatch(other, dispatch);
    job.variables.ODMD_DISPATCH = dispatch;
    job.write('outputs', names.map((name) => `${name}=secret-${dispatch}\n`).join(''));
    job.wire.intercept = ({ name }) => (name === failing ? fault : undefined);
    const result = await job.step('publish');
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(new RegExp(`^${code} .*\n  fix: `));
    expect(result.stderr).not.toMatch(/secret|\n\s+at /);
    job.wire.intercept = () => undefined;
    job.wire.counts();
    expect((await job.step('publish')).code).toBe(0);
    expect(job.wire.counts()).toMatchObject({ PutEvents: 1 });
  });

  it('takes a value between 4 and 8 KB, and the store chooses the tier for it', async () => {
    const job = await jobOf(other);
    await world.dispatch(other);
    job.write('outputs', `a=${'x'.repeat(8000)}\nb=small\n`);
    expect(await job.step('publish')).toMatchObject({ code: 0, stderr: '' });
    const writes = job.wire.calls
      .filter(({ name }) => name === 'PutParameter')
      .map(({ body }) => JSON.parse(body));
    expect(writes[0]).toMatchObject({ Name: productPath(other.id, 'a'), Tier: 'Intelligent-Tiering' });
    expect((await world.stored(productPath(other.id, 'a')))?.value).toHaveLength(8002);
  });

  it('writes nothing while a value is wrong', async () => {
    const job = await jobOf(other);
    await world.dispatch(other);
    job.write('outputs', `a={{x}}\nb=${'x'.repeat(9000)}\n`);
    const result = await job.step('publish');
    expect(result.code).toBe(1);
    expect(result.stderr.match(/ODMD534/g)).toHaveLength(2);
    expect(result.stderr).toContain('publish it as an artifact');
    expect(job.wire.counts()).toEqual({ 'GET S3': 1, GetParameters: 1 });
  });
});
