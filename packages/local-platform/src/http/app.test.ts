import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { deployedStatePath, dispatchStatePath, productPath } from '@ondemandenv/contracts-base';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApp, type PlatformApp } from './app.js';
import { type Listener, listen } from './listen.js';
import { FOUNDATION, LIB, SHOP, type TestWorld, testParts } from './parts.test.fixture.js';

const MENU = productPath(FOUNDATION, 'menu');
const SECRET = productPath(FOUNDATION, 'secret');
const URL_PATH = productPath(SHOP, 'url');
const USER = 'the-user';

let world: TestWorld;
let app: PlatformApp;
let listener: Listener;
beforeEach(async () => {
  world = await testParts();
  app = createApp(world.parts);
  listener = await listen(app.fetch, 0);
});
afterEach(async () => {
  await listener.close();
  await world.close();
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly code?: string;
  readonly message?: string;
  readonly [field: string]: unknown;
}

async function ask(token: string, line: string, body?: unknown): Promise<Answer> {
  const [method = '', path = ''] = line.split(' ');
  const response = await fetch(listener.url + path, {
    method,
    headers: token === '' ? {} : { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : {};
  return { ...json, status: response.status, text };
}

const read = (token: string, ...names: string[]) => ask(token, 'POST /runtime/config/read', { names });
const write = (token: string, path: string, value: string) =>
  ask(token, 'PUT /runtime/config', { path, value });
const tell = (token: string, type: string, detail: object) =>
  ask(token, 'POST /runtime/events', { events: [{ type, detail }] });

describe('who is let in', () => {
  test('a job with its token, until it has ended or its enver lost its grant', async () => {
    const { access } = world.parts;
    const job = world.token(SHOP);
    expect(await ask(job, 'GET /runtime/entry')).toMatchObject({ status: 200, id: SHOP });
    const newer = world.token(SHOP);
    expect(await ask(job, 'GET /runtime/entry')).toMatchObject({ status: 401, code: 'ODMD650' });
    access.ended(`${SHOP} 1`);
    expect((await ask(newer, 'GET /runtime/entry')).status).toBe(401);
    const last = world.token(SHOP);
    access.withdraw(SHOP);
    expect((await ask(last, 'GET /runtime/entry')).status).toBe(401);
    expect(access.issue({ enver: SHOP, dispatchId: 'x' })).toBeUndefined();
    expect(world.parts.backlog.size()).toBe(0);
  });

  test.each([
    'GET /api/status',
    'GET /api/events',
    'POST /api/deploy',
    'POST /api/decide',
    'POST /api/retire',
    'POST /api/command',
    'GET /api/log',
    'POST /api/stop',
    'POST /hooks/push',
  ])('%s: the user, no job and nobody else', async (line) => {
    for (const token of ['', 'the-usex', world.token(SHOP)])
      expect(await ask(token, line)).toMatchObject({ status: 401, code: 'ODMD650' });
    expect((await ask(USER, line)).status).not.toBe(401);
  });

  test('the token of the user does not make a job', async () => {
    for (const token of ['', USER]) expect((await ask(token, 'GET /runtime/entry')).status).toBe(401);
  });

  test('only requests to 127.0.0.1 and localhost, whatever their token', async () => {
    const withHost = (host: string) =>
      new Promise((resolve) => {
        const headers = { host, authorization: `Bearer ${USER}` };
        request(`${listener.url}/api/status`, { headers, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).end();
      });
    expect(await withHost('localhost:1234')).toBe(200);
    expect(await withHost('127.0.0.1')).toBe(200);
    expect(await withHost('evil.example')).toBe(403);
    expect(await withHost('127.0.0.1.evil.example')).toBe(403);
  });
});

describe('reading values', () => {
  beforeEach(async () => {
    const { config } = world.parts;
    for (const [path, value] of [
      [MENU, '"latte"'],
      [MENU, '"mocha"'],
      [SECRET, '"sesame"'],
      [URL_PATH, '"u"'],
    ] as const)
      await config.put(path, value);
    for (const enver of [SHOP, FOUNDATION])
      for (const path of [dispatchStatePath(enver), deployedStatePath(enver)]) await config.put(path, '{}');
  });

  test('gives what the enver consumes, its own products and its own state', async () => {
    const own = [dispatchStatePath(SHOP), deployedStatePath(SHOP), URL_PATH];
    const { status, values } = await read(world.token(SHOP), MENU, `${MENU}:1`, `${MENU}:7`, ...own);
    expect(status).toBe(200);
    expect(values).toEqual([
      { path: MENU, version: 2, value: '"mocha"' },
      { path: MENU, version: 1, value: '"latte"' },
      ...own.map((path) => expect.objectContaining({ path, version: 1 })),
    ]);
  });

  test.each([
    SECRET,
    `${SECRET}:1`,
    dispatchStatePath(FOUNDATION),
    deployedStatePath(FOUNDATION),
    productPath(`${SHOP}-_b..x`, 'url'),
    `/odmd-share/${SHOP}`,
    '/anything',
  ])('refuses %s, also beside what is allowed', async (name) => {
    const refused = await read(world.token(SHOP), MENU, name);
    expect(refused).toMatchObject({ status: 403, code: 'ODMD651' });
    expect(refused.message).toContain(`${SHOP} may not read ${name.split(':')[0]}`);
    expect(refused.text).not.toMatch(/sesame|mocha/);
  });

  test('takes at most 10 names, and only names', async () => {
    const eleven = Array.from({ length: 11 }, () => MENU);
    expect(await read(world.token(SHOP), ...eleven)).toMatchObject({ status: 400, code: 'ODMD652' });
    for (const name of ['menu', `${MENU}:x`, `${MENU}:0`, ''])
      expect((await read(world.token(SHOP), name)).status).toBe(400);
  });
});

describe('writing values', () => {
  test('takes declared products and the deployed state; an unchanged value makes no version', async () => {
    const job = world.token(SHOP);
    expect(await write(job, URL_PATH, '"u"')).toMatchObject({ status: 200, version: 1, changed: true });
    expect(await write(job, URL_PATH, '"u"')).toMatchObject({ status: 200, version: 1, changed: false });
    expect((await write(job, deployedStatePath(SHOP), '{"a":1}')).status).toBe(200);
  });

  test.each([
    [productPath(SHOP, 'other'), 'its contract declares no such product'],
    [productPath(SHOP, 'url/x'), 'its contract declares no such product'],
    [MENU, `it belongs to ${FOUNDATION}`],
    [dispatchStatePath(SHOP), 'it belongs to'],
    [deployedStatePath(FOUNDATION), 'it belongs to'],
  ])('refuses %s', async (path, why) => {
    const refused = await write(world.token(SHOP), path, '"x"');
    expect(refused).toMatchObject({ status: 403, code: 'ODMD651' });
    expect(refused.message).toContain(`${SHOP} may not write ${path}: ${why}`);
    expect(await world.parts.config.getMany([path])).toEqual(new Map());
  });

  test.each([
    ['not JSON', 'sesame', 400],
    ['not canonical', '{"b":1, "a":"sesame"}', 400],
    ['with {{', '"{{sesame}}"', 400],
    ['larger than Parameter Store takes', JSON.stringify('sesame'.repeat(2_000)), 400],
    ['larger than any request may be', JSON.stringify('sesame'.repeat(100_000)), 413],
  ])('refuses a value that is %s and does not repeat it', async (_, value, status) => {
    const refused = await write(world.token(SHOP), URL_PATH, value);
    expect(refused.status).toBe(status);
    expect(refused.text).not.toContain('sesame');
  });
});

describe('telling what happened', () => {
  test('own products wake those who consume them; own deployments are on the bus', async () => {
    const told = await tell(world.token(FOUNDATION), 'ProductsPublished', {
      enver: FOUNDATION,
      paths: [MENU],
    });
    expect(told.status).toBe(200);
    expect(world.parts.backlog.has(`enver:${SHOP}`)).toBe(true);
    const vector = { source: { sha: 's', tree: 't' }, inputs: {} };
    await tell(world.token(SHOP), 'EnverDeployed', { enver: SHOP, dispatchId: 'd', vector });
    const events = world.parts.events.since(0).map(({ type }) => type);
    expect(events.slice(-2)).toEqual(['ProductsPublished', 'EnverDeployed']);
  });

  test.each([
    ['for another enver', 'ProductsPublished', { enver: FOUNDATION, paths: [MENU] }, 403],
    ['products of another', 'ProductsPublished', { enver: SHOP, paths: [MENU] }, 403],
    ['what only the platform says', 'EnverFailed', { enver: SHOP, dispatchId: 'd', reason: '' }, 403],
    ['what nobody says', 'Anything', {}, 403],
    ['half a detail', 'ProductsPublished', { enver: SHOP }, 400],
  ])('refuses %s', async (_, type, detail, status) => {
    const before = world.parts.events.since(0).length;
    expect((await tell(world.token(SHOP), type, detail)).status).toBe(status);
    expect(world.parts.events.since(0)).toHaveLength(before);
    expect(world.parts.backlog.size()).toBe(0);
  });

  test('contracts come from a contractsLib only', async () => {
    const body = { sha: 'b'.repeat(40), manifest: `${' '.repeat(1_000_000)}{}` };
    expect((await ask(world.token(SHOP), 'PUT /runtime/manifests', body)).status).toBe(403);
    expect(await world.parts.manifests.get(body.sha)).toBeUndefined();
    expect((await ask(world.token(LIB), 'PUT /runtime/manifests', body)).status).toBe(200);
    expect(await world.parts.manifests.get(body.sha)).toBe(body.manifest);
  });
});

describe('services', () => {
  const program = "require('http').createServer((_, r) => r.end()).listen(process.env.PORT, '127.0.0.1')";
  const service = (name: string, cwd: string) => ({
    name,
    cwd,
    command: ['node', '-e', program],
    env: {},
    health: '/',
  });

  test('start from the folder of a job and belong to its enver', async () => {
    const cwd = mkdtempSync(join(world.parts.jobsFolder, 'src-'));
    const started = await ask(world.token(SHOP), 'POST /runtime/services', service('web', cwd));
    expect(started).toMatchObject({ status: 200, name: 'web', url: `http://127.0.0.1:${started.port}` });
    expect((await fetch(String(started.url))).status).toBe(200);
    await ask(world.token(FOUNDATION), 'POST /runtime/services', service('web', cwd));
    expect(await ask(world.token(SHOP), 'DELETE /runtime/services', {})).toMatchObject({ stopped: ['web'] });
    expect(world.parts.services.list().map(({ enver }) => enver)).toEqual([FOUNDATION]);
  });

  test('do not start from elsewhere, nor with variables or names that are none', async () => {
    const job = world.token(SHOP);
    const cwd = mkdtempSync(join(world.parts.jobsFolder, 'src-'));
    const outside = join(world.home, 'jobs-elsewhere');
    mkdirSync(outside);
    for (const folder of [outside, world.home, world.parts.jobsFolder, join(cwd, '../..')])
      expect(await ask(job, 'POST /runtime/services', service('web', folder))).toMatchObject({ status: 403 });
    for (const wrong of [
      { name: 'a b' },
      { env: { 'A=B': '' } },
      { command: [] },
      { health: 'x' },
      { more: 1 },
    ])
      expect(await ask(job, 'POST /runtime/services', { ...service('web', cwd), ...wrong })).toMatchObject({
        status: 400,
      });
    expect(world.parts.services.list()).toEqual([]);
  });

  test('a service that fails is the error of who started it', async () => {
    const cwd = mkdtempSync(join(world.parts.jobsFolder, 'src-'));
    const failing = {
      ...service('web', cwd),
      command: ['node', '-e', 'console.log("no bus"); process.exit(1)'],
    };
    const refused = await ask(world.token(SHOP), 'POST /runtime/services', failing);
    expect(refused).toMatchObject({
      status: 422,
      code: 'ODMD642',
      message: expect.stringContaining('no bus'),
    });
  });
});

describe('a push', () => {
  const push = { repo: 'o/shop', updates: [{ ref: 'refs/heads/main', old: '0', new: '1' }] };
  const post = (signal: AbortSignal) =>
    fetch(`${listener.url}/hooks/push`, {
      method: 'POST',
      headers: { authorization: `Bearer ${USER}` },
      body: JSON.stringify(push),
      signal,
    });

  test('becomes work, and is followed until nobody listens any more', async () => {
    const listening = new AbortController();
    const { body } = await post(listening.signal);
    expect(world.parts.backlog.has('ref:o/shop:refs/heads/main')).toBe(true);
    const to = { repo: 'o/shop', ref: 'refs/heads/main', sha: '1' };
    await world.parts.notifier.answer(
      { ...to, ref: 'refs/heads/other' },
      { level: 'info', message: 'not this one' },
    );
    await world.parts.notifier.answer(to, { level: 'error', message: 'no such build' });
    const first = await body?.pipeThrough(new TextDecoderStream()).getReader().read();
    expect(first?.value).toBe('error: no such build\n');
    // Nobody does the work here: the push never settles.
    listening.abort();
    await app.drain();
  });

  test('is followed until the platform stops', async () => {
    const response = await post(AbortSignal.timeout(10_000));
    world.parts.stop();
    expect(await response.text()).toBe('');
  });
});

describe('what the user sees', () => {
  test('versions of products, never values', async () => {
    await write(world.token(SHOP), URL_PATH, '"sesame"');
    const { status, text, ...report } = await ask(USER, 'GET /api/status');
    expect(status).toBe(200);
    expect(report).toMatchObject({
      org: 'coffee',
      contracts: { serial: 1 },
      busy: false,
      repos: [{ name: 'o/shop' }],
      envers: expect.arrayContaining([
        expect.objectContaining({
          id: SHOP,
          ref: 'refs/heads/main',
          products: [{ name: 'url', version: 1 }],
        }),
      ]),
    });
    expect(text + world.log.join()).not.toContain('sesame');
  });

  test('products whose enver is no more', async () => {
    const left = productPath(`${SHOP}-_b..gone`, 'url');
    for (const path of [URL_PATH, left, dispatchStatePath(SHOP)]) await world.parts.config.put(path, '"x"');
    expect((await ask(USER, 'GET /api/status')).leftovers).toEqual([left]);
    await world.parts.config.deleteMany([left]);
    expect((await ask(USER, 'GET /api/status')).leftovers).toEqual([]);
  });

  test('events after a number, and the log of the newest job', async () => {
    await tell(world.token(FOUNDATION), 'ProductsPublished', { enver: FOUNDATION, paths: [MENU] });
    const all = (await ask(USER, 'GET /api/events')).events as { seq: number }[];
    expect((await ask(USER, `GET /api/events?after=${all.at(-2)?.seq}`)).events).toEqual(all.slice(-1));
    expect((await ask(USER, 'GET /api/events?after=x')).status).toBe(400);
    writeFileSync(join(world.home, 'job'), 'hello\n');
    expect((await ask(USER, `GET /api/log?enver=${SHOP}`)).text).toBe('hello\n');
    expect(await ask(USER, `GET /api/log?enver=${FOUNDATION}`)).toMatchObject({ status: 404 });
    expect(await ask(USER, 'GET /api/log?enver=nobody')).toMatchObject({ status: 404, code: 'ODMD654' });
  });

  test('a deployment that was asked for, and a refusal of one that cannot be', async () => {
    expect((await ask(USER, 'POST /api/deploy', { enver: SHOP })).status).toBe(200);
    expect(world.parts.backlog.has(`enver:${SHOP}`)).toBe(true);
    expect(await ask(USER, 'POST /api/deploy', { enver: 'nobody' })).toMatchObject({
      status: 422,
      code: 'ODMD406',
    });
  });

  test('decisions, retirements, contracts and commands, each refused in words', async () => {
    const decision = { enver: SHOP, path: MENU, version: '1#ab', granted: true, by: 'work/Boss' };
    expect(await ask(USER, 'POST /api/decide', decision)).toMatchObject({ status: 422, code: 'ODMD407' });
    expect((await ask(USER, 'POST /api/decide', { ...decision, by: 'Boss' })).message).toContain(
      'account/role',
    );
    expect(await ask(USER, 'POST /api/retire', { enver: SHOP })).toMatchObject({
      status: 422,
      code: 'ODMD410',
    });
    expect(await ask(USER, 'POST /api/sync', { sha: 'e'.repeat(40) })).toMatchObject({
      status: 422,
      code: 'ODMD414',
    });
    const command = { repo: 'o/shop', ref: 'refs/heads/x', line: 'odmd: create@main' };
    expect(await ask(USER, 'POST /api/command', command)).toMatchObject({ status: 422, code: 'ODMD413' });
    expect((await ask(USER, 'POST /api/command', { ...command, ref: 'x' })).status).toBe(400);
  });

  test('an error without a stack; what nobody foresaw is in the log only', async () => {
    expect(await ask(USER, 'GET /nowhere')).toMatchObject({ status: 404, code: 'ODMD654' });
    expect(await ask(USER, 'POST /api/deploy', '{"enver"')).toMatchObject({ status: 400, code: 'ODMD652' });
    world.parts.manifests.put = async () => {
      throw new Error('disk of sesame is full');
    };
    const failed = await ask(world.token(LIB), 'PUT /runtime/manifests', {
      sha: 'b'.repeat(40),
      manifest: '',
    });
    expect(failed).toMatchObject({ status: 500, code: 'ODMD655' });
    expect(failed.text).not.toMatch(/sesame|at /);
    expect(world.log.join()).toMatch(/PUT \/runtime\/manifests failed: Error: disk of sesame/);
  });
});
