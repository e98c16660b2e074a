import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Sandbox, type Work } from './sandbox.test.fixture.js';

const sandbox = new Sandbox();
const platformFile = join(sandbox.home, 'platform.json');
const ZERO = '0'.repeat(40);
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const server = createServer((request, response) => answer(request, response));
let work: Work;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A pusher's settings must not silence the hook.
  work = await sandbox.work('coffee/shop');
  await work.git('config', '--global', 'core.hooksPath', '/nowhere');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  sandbox.remove();
});
afterEach(() => rmSync(platformFile, { force: true }));

function platformRuns(): void {
  const { port } = server.address() as AddressInfo;
  writeFileSync(platformFile, JSON.stringify({ url: `http://127.0.0.1:${port}`, token: 'secret', pid: 1 }));
}

describe('a push', () => {
  test('is stored when the platform does not run, or is gone', async () => {
    await work.commit('one');
    expect(await work.push('main')).toMatch(/remote: The platform is not running\. The push is stored/);
    writeFileSync(platformFile, JSON.stringify({ url: 'http://127.0.0.1:1', token: 'x', pid: 1 }));
    expect(await work.push('main:other')).toMatch(
      /remote: The platform does not answer\. The push is stored/,
    );
    writeFileSync(platformFile, '{"url": ');
    expect(await work.push('main:third')).toContain('remote: The platform is not running.');
  });

  test('is told to the platform with every ref, whatever its name', async () => {
    const seen: unknown[] = [];
    answer = async (request, response) => {
      seen.push(request.headers.authorization, request.url, await json(request));
      response.end('ok\n');
    };
    platformRuns();
    const sha = await work.commit('two');
    const names = ['$(id)', 'a";id;"', '功能'];
    expect(await work.push(...names.map((name) => `main:refs/heads/${name}`))).toContain('remote: ok');
    const updates = names.map((name) => ({ ref: `refs/heads/${name}`, old: ZERO, new: sha }));
    expect(seen).toEqual([
      'Bearer secret',
      '/hooks/push',
      { repo: 'coffee/shop', updates: expect.anything() },
    ]);
    expect((seen[2] as { updates: unknown[] }).updates).toEqual(expect.arrayContaining(updates));
    await work.push('--delete', '功能');
    expect(seen.at(-1)).toEqual({
      repo: 'coffee/shop',
      updates: [{ ref: 'refs/heads/功能', old: sha, new: ZERO }],
    });
  });

  test('shows what the platform answers, as it comes', async () => {
    let finish = () => {};
    answer = (_, response) => {
      response.write('syncing 功能\n');
      finish = () => response.end('done\n');
    };
    platformRuns();
    const push = work.start('push', 'origin', 'main:refs/heads/streamed');
    const shown: string[] = [];
    for await (const line of createInterface({ input: push.stderr })) {
      shown.push(line.trimEnd());
      if (line.includes('syncing')) finish();
    }
    expect(shown).toEqual(expect.arrayContaining(['remote: syncing 功能', 'remote: done']));
  });

  test('shows a refusal with its fix, and the end of a platform that stops', async () => {
    platformRuns();
    answer = (_, response) => {
      response
        .writeHead(400)
        .end(JSON.stringify({ code: 'ODMD699', message: 'not so', fix: 'do it otherwise' }));
    };
    const refused = await work.push('main:refs/heads/refused');
    expect(refused).toMatch(/remote: ODMD699 not so *\nremote: {3}fix: do it otherwise/);
    answer = (_, response) => {
      response.write('begun\n', () => response.destroy());
    };
    expect(await work.push('main:refs/heads/stopped')).toMatch(
      /remote: begun[\s\S]*remote: The platform stopped\./,
    );
  });

  test('of a first branch makes it the default branch', async () => {
    const other = await sandbox.work('coffee/trunk');
    await other.commit('one');
    await other.push('main:refs/heads/trunk', 'main:refs/heads/zeta');
    const repo = await sandbox.repos.ensure('coffee/trunk');
    expect((await repo.git(['symbolic-ref', 'HEAD'])).stdout).toBe('refs/heads/trunk\n');
    await other.push('main:refs/heads/alpha');
    expect((await repo.git(['symbolic-ref', 'HEAD'])).stdout).toBe('refs/heads/trunk\n');
  });
});
