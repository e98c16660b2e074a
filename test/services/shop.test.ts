import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/* The page of the shop and the tests of an environment, in processes of their own, before stand-ins of AWS. */

const SERVICES = fileURLToPath(new URL('../../examples/coffee-shop/services', import.meta.url));

let folder: string;
let servers: Server[] = [];
let children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odmd-shop-'));
});
afterEach(async () => {
  for (const child of children.filter(({ exitCode }) => exitCode === null)) {
    child.kill();
    await once(child, 'exit');
  }
  for (const server of servers) server.close();
  servers = [];
  children = [];
  rmSync(folder, { recursive: true, force: true });
});

/** Answers by method and path. */
async function serve(
  answers: Readonly<Record<string, readonly [status: number, body: string]>>,
): Promise<string> {
  const server = createServer((request, response) => {
    const [status, body] = answers[`${request.method} ${request.url}`] ?? [404, ''];
    response.writeHead(status).end(body);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function start(service: string, file: string, env: Readonly<Record<string, string>>): ChildProcess {
  const options = { cwd: join(SERVICES, service), env: { PATH: process.env.PATH, ...env } };
  const child = spawn(process.execPath, [file], { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return child;
}

async function freePort(): Promise<string> {
  const url = await serve({});
  servers.pop()?.close();
  return new URL(url).port;
}

async function page(manager: string): Promise<string> {
  const port = await freePort();
  const signIn = { SIGN_IN_URL: 'https://sign-in.example', SIGN_IN_CLIENT: 'c1' };
  start('web-client', 'server.mjs', { PORT: port, ORDERS_URL: manager, ODMD_ENVER: 'web/b..<b>', ...signIn });
  const url = `http://127.0.0.1:${port}/`;
  await vi.waitUntil(async () => (await fetch(`${url}health`).catch(() => undefined))?.ok, 10_000);
  return url;
}

const wellManager = { 'GET /orders': [200, '{"espresso": 2}'], 'POST /orders': [401, ''] } as const;

async function endToEnd(orders: string, shop: string, processor: string) {
  const output = join(folder, 'outputs');
  const child = start('shop/end-to-end', 'run.mjs', {
    ODMD_INPUT_ORDERS: JSON.stringify({ url: orders, stage: 'live' }),
    ODMD_INPUT_PROCESSOR: JSON.stringify({ url: processor }),
    ODMD_INPUT_SHOP: shop,
    ODMD_OUTPUT: output,
  });
  const [printed, [code]] = await Promise.all([child.stdout ? text(child.stdout) : '', once(child, 'exit')]);
  return { code, printed, output: readFileSync(output, 'utf8') };
}

describe('the page', () => {
  it('shows what was ordered, and where it comes from', async () => {
    const url = await page(await serve({ 'GET /orders': [200, '{"<mocha>": 2}'] }));
    const shown = await (await fetch(url)).text();
    expect(shown).toContain('<td>&#60;mocha&#62;</td><td>2</td>');
    expect(shown).toContain('web/b..&#60;b&#62;');
    expect(shown).toContain('https://sign-in.example/login?client_id=c1&#38;response_type=code');
    expect((await fetch(`${url}callback?code=x`)).status).toBe(200);
    expect((await fetch(`${url}nothing`)).status).toBe(404);
  });

  it('says so when the manager does not answer', async () => {
    const url = await page(await serve({}));
    expect((await fetch(url)).status).toBe(502);
  });
});

describe('the tests of an environment', () => {
  it('pass before a shop that is well', async () => {
    const manager = await serve({ ...wellManager });
    const processor = await serve({ 'GET /health': [200, ''] });
    const result = await endToEnd(manager, await page(manager), `${processor}health`);
    expect(result).toMatchObject({ code: 0, output: 'report={"passed":4,"failed":0}\n' });
  });

  it('fail before one that lets strangers order, or does not answer, and tell no address', async () => {
    const manager = await serve({ 'GET /orders': [200, '{}'], 'POST /orders': [202, ''] });
    const nobody = `http://127.0.0.1:${await freePort()}/`;
    const result = await endToEnd(manager, await page(manager), nobody);
    expect(result).toMatchObject({ code: 1, output: 'report={"passed":2,"failed":2}\n' });
    expect(result.printed).toContain('failed  a stranger orders nothing: the answer was 202, not 401');
    expect(result.printed).not.toContain('127.0.0.1');
  });
});
