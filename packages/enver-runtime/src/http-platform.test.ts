import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpPlatform } from './http-platform.js';
import { defaultRetry } from './retry.js';
import { entry, product } from './testing/entries.js';
import { RuntimeServer, TOKEN } from './testing/runtime-server.js';

let server: RuntimeServer;
let waits: number[];
beforeEach(async () => {
  waits = [];
  server = await RuntimeServer.start(entry({ products: [product('name')] }));
});
afterEach(() => server.close());

function platform(options: { url?: string; token?: string; timeoutMs?: number } = {}) {
  const sleep = async (ms: number) => {
    waits.push(ms);
  };
  const retry = { ...defaultRetry, random: () => 0, sleep };
  return new HttpPlatform({ url: server.url, token: TOKEN, retry, ...options });
}

describe('HttpPlatform', () => {
  it('reads in batches of ten, each name once', async () => {
    const paths = Array.from({ length: 12 }, (_, index) => product(`p${index}`));
    server.entry = entry({ products: paths });
    for (const { path } of paths) server.store(path, path);
    const values = await platform().read([...paths, ...paths].map(({ path }) => ({ path })));
    expect(values.map(({ path }) => path)).toEqual(paths.map(({ path }) => path));
    expect(server.requests).toHaveLength(2);
  });

  it('waits longer before each try, as long as it is asked to, and then gives up with the last error', async () => {
    const headers = { 'retry-after': '1' };
    server.intercept = () => ({ status: 429, body: { code: 'ODMD698', message: 'too many' }, headers });
    await expect(platform().entry()).rejects.toMatchObject({
      code: 'ODMD698',
      message: "the platform refused to read the enver's contract: too many",
    });
    expect(waits).toEqual([1000, 1000, 1000]);
    server.intercept = () => ({ status: 503, body: {} });
    await expect(platform().entry()).rejects.toMatchObject({ code: 'ODMD503' });
    expect(waits.slice(3)).toEqual([200, 400, 800]);
  });

  it.each([
    [401, 'not-the-token', 'ODMD610', 'the token is no longer valid'],
    [403, TOKEN, 'ODMD612', 'declare it in the contracts'],
  ])('takes %i as final', async (_, token, code, fix) => {
    await expect(platform({ token }).read([{ path: '/odmd-share/a/b..b/c' }])).rejects.toMatchObject({
      code,
      message: expect.stringContaining('refused to read /odmd-share/a/b..b/c'),
      fix: expect.stringContaining(fix),
    });
    expect(server.requests).toHaveLength(1);
  });

  it('follows no redirect', async () => {
    server.intercept = () => ({ status: 302, body: {}, headers: { location: '/elsewhere' } });
    await expect(platform().entry()).rejects.toMatchObject({ code: 'ODMD503' });
    expect(server.requests).toHaveLength(1);
  });

  it('says that an answer was not understood', async () => {
    server.intercept = () => ({ status: 200, body: { values: 'x' } });
    await expect(platform().read([{ path: 'x' }])).rejects.toMatchObject({ code: 'ODMD504' });
  });

  it('times out', async () => {
    server.intercept = () => new Promise(() => {});
    await expect(platform({ timeoutMs: 20 }).entry()).rejects.toMatchObject({
      code: 'ODMD502',
      message: expect.stringContaining('timed out'),
    });
    expect(waits).toHaveLength(3);
  });

  it('names the reason when nobody listens', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const address = free.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    free.close();
    await once(free, 'close');
    await expect(platform({ url: `http://127.0.0.1:${port}` }).entry()).rejects.toMatchObject({
      code: 'ODMD502',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
