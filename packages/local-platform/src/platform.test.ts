import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LocalPlatformClient } from './client.js';
import { processAlive } from './guard/index.js';
import { startLocalPlatform } from './index.js';
import { contractsFiles, Sandbox, SHOP_FILES } from './platform.test.fixture.js';

const SHOP = 'shop/b..main';
const CLONE = 'shop/b..main-_b..milk';

// Each deployment is half a dozen processes.
vi.setConfig({ testTimeout: 60_000 });

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = new Sandbox({ from: 21_020, to: 21_029 });
});
afterEach(() => sandbox.close());

async function deployShop(): Promise<LocalPlatformClient> {
  await sandbox.push('contracts', contractsFiles());
  await sandbox.push('shop', SHOP_FILES);
  const client = await LocalPlatformClient.open(sandbox.home);
  await client.waitUntilIdle(30_000);
  return client;
}

async function urlOf(client: LocalPlatformClient, enver: string): Promise<string> {
  const found = (await client.status()).envers.find(({ id }) => id === enver);
  return found?.services[0]?.url ?? expect.fail(`${enver} has no service`);
}

const ask = async (url: string) => (await fetch(url, { headers: { connection: 'close' } })).text();

describe('a push', () => {
  test('is followed until what it caused has settled', async () => {
    const { contractsUrl } = await sandbox.start();
    expect(contractsUrl).toBe(join(sandbox.home, 'git/o/contracts.git'));
    const contracts = await sandbox.push('contracts', contractsFiles());
    expect(contracts).toContainEqual(expect.stringMatching(/^contracts\/b\.\.main deployed: at \w{7}$/));
    const shop = await sandbox.push('shop', SHOP_FILES);
    const client = await LocalPlatformClient.open(sandbox.home);
    const { envers } = await client.waitUntilIdle(0);
    expect(envers.map(({ id, phase }) => `${id} ${phase}`)).toEqual(
      ['contracts/b..main', 'foundation/b..main', SHOP].map((id) => `${id} deployed`),
    );
    const url = await urlOf(client, SHOP);
    const said = (text: string) => shop.findIndex((line) => line.startsWith(text));
    expect(said('foundation/b..main deployed: at ')).toBeGreaterThan(-1);
    expect(said(`${SHOP} deployed: at `)).toBeGreaterThan(said('foundation/b..main deployed: at '));
    expect(shop[said(`${SHOP} deployed: at `)]).toContain(` · ${url}`);
    expect(await ask(url)).toBe(`${SHOP} serves latte`);

    const again = await sandbox.push('shop', { 'README.md': 'x' });
    expect(again.join('\n')).not.toContain('running');
    expect(again.length).toBeGreaterThan(0);
    expect(sandbox.log).toEqual([]);
  });

  test('shows why a job failed: every violation of contracts, the end of other logs', async () => {
    await sandbox.start();
    const client = await deployShop();
    const violations = Array.from(
      { length: 100 },
      (_, n) => `ODMD101 enver ${n}: the account is not declared`,
    );
    const broken = await sandbox.push('contracts', { violations: `${violations.join('\n')}\n` });
    expect(broken).toEqual(expect.arrayContaining(violations.map((line) => `  | ${line}`)));
    expect(broken.join('\n')).toContain('contracts/b..main failed: ');

    const failing = 'for (let n = 1; n <= 100; n++) console.log("line " + n); process.exit(3);';
    const failed = await sandbox.push('shop', { 'shop/deploy.mjs': failing });
    expect(failed).toContainEqual('  | line 100');
    expect(failed).not.toContainEqual('  | line 1');
    expect(await client.log(SHOP)).toContain('line 1\n');
    const { envers, contracts } = await client.waitUntilIdle(10_000);
    expect(contracts?.serial).toBe(1);
    expect(envers.find(({ id }) => id === SHOP)).toMatchObject({
      phase: 'failed',
      services: [{ state: 'running' }],
    });

    const healed = await sandbox.push('shop', { ...SHOP_FILES, 'shop/version': '2' });
    expect(healed.at(-1)).toMatch(new RegExp(`^${SHOP} deployed: at \\w{7} · http`));
  });

  test('makes a clone beside its base, and removes it without a trace', async () => {
    await sandbox.start();
    const client = await deployShop();
    const made = await sandbox.push(
      'shop',
      { 'foundation/menu': 'milk\n' },
      'try\n\nodmd: create@main',
      'milk',
    );
    const url = await urlOf(client, CLONE);
    expect(made).toContainEqual(expect.stringMatching(new RegExp(`^${CLONE} deployed: at \\w{7} · ${url}$`)));
    expect(await ask(url)).toBe(`${CLONE} serves milk`);
    expect(await ask(await urlOf(client, SHOP))).toBe(`${SHOP} serves latte`);

    const removed = await sandbox.push('shop', {}, 'done\n\nodmd: delete', 'milk');
    expect(removed).toContainEqual(`${CLONE} deleted`);
    await client.waitUntilIdle(10_000);
    expect((await client.status()).envers.map(({ id }) => id)).not.toContain(CLONE);
    await expect(ask(url)).rejects.toThrow();
    expect(readdirSync(join(sandbox.home, 'services'))).toHaveLength(1);
    expect(readdirSync(join(sandbox.home, 'jobs'))).toEqual([]);
  });
});

describe('stopping and starting', () => {
  test('services come back at their address; nothing runs in between', async () => {
    const first = await sandbox.start();
    const client = await deployShop();
    const url = await urlOf(client, SHOP);
    expect(statSync(join(sandbox.home, 'platform.json')).mode & 0o777).toBe(0o600);
    await client.stop();
    await first.stopped;
    await expect(ask(url)).rejects.toThrow();
    await expect(client.status()).rejects.toMatchObject({ code: 'ODMD660' });
    await expect(LocalPlatformClient.open(sandbox.home)).rejects.toMatchObject({ code: 'ODMD660' });

    await sandbox.start();
    expect(await ask(url)).toBe(`${SHOP} serves latte`);
    const again = await LocalPlatformClient.open(sandbox.home);
    expect((await again.waitUntilIdle(10_000)).envers).toHaveLength(3);
    expect(await again.events(1)).toEqual((await again.events()).slice(1));
    await expect(again.deploy('nobody/b..main')).rejects.toMatchObject({ code: 'ODMD406' });
  });

  test('a platform that was killed leaves no process and no lock', async () => {
    const library = new URL('../dist/index.js', import.meta.url).href;
    const { log: _, ...options } = sandbox.options;
    const program = `
      import { startLocalPlatform } from ${JSON.stringify(library)};
      const options = ${JSON.stringify(options)};
      await startLocalPlatform({ ...options, log: console.error });
      console.log('ready');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(createInterface({ input: child.stdout }), 'line');
    const client = await deployShop();
    const url = await urlOf(client, SHOP);
    const [service] = (await client.status()).envers.find(({ id }) => id === SHOP)?.services ?? [];
    await expect(sandbox.start()).rejects.toMatchObject({ code: 'ODMD603', where: sandbox.home });
    child.kill('SIGKILL');
    await once(child, 'exit');

    await sandbox.start();
    expect(processAlive(service?.pid ?? 0)).toBe(false);
    expect(await ask(url)).toBe(`${SHOP} serves latte`);
    const failing = await LocalPlatformClient.open(sandbox.home);
    expect((await failing.waitUntilIdle(10_000)).envers.map(({ phase }) => phase)).toEqual(
      Array(3).fill('deployed'),
    );
  });
});

describe('what keeps it from starting', () => {
  test('another platform in its home, also in the same process', async () => {
    await sandbox.start();
    await expect(sandbox.start()).rejects.toMatchObject({ code: 'ODMD603' });
    const client = await LocalPlatformClient.open(sandbox.home);
    expect((await client.waitUntilIdle(10_000)).org).toBeNull();
  });

  test('a port in use; it leaves nothing behind', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await expect(sandbox.start({ port })).rejects.toMatchObject({
      code: 'ODMD604',
      where: `127.0.0.1:${port}`,
    });
    server.close();
    await once(server, 'close');
    expect(existsSync(join(sandbox.home, 'platform.json'))).toBe(false);
    expect((await sandbox.start({ port })).url).toBe(`http://127.0.0.1:${port}`);
  });

  test('for other contracts than its home was made for', async () => {
    const platform = await sandbox.start();
    await platform.stop();
    const contracts = { ...sandbox.options.contracts, repo: { owner: 'o', name: 'others' } };
    await expect(sandbox.start({ contracts })).rejects.toMatchObject({ code: 'ODMD607' });
    await sandbox.start();
  });

  test('a toolchain without the runtime, a home that is a file, settings that are wrong: all of them', async () => {
    const { options } = sandbox;
    const start = (change: object) => startLocalPlatform({ ...options, ...change });
    await expect(start({ toolchain: join(sandbox.base, 'none') })).rejects.toMatchObject({ code: 'ODMD602' });
    const file = join(sandbox.base, 'node_modules/.bin/odmd');
    await expect(start({ home: file })).rejects.toMatchObject({ code: 'ODMD605' });
    const contracts = { repo: { owner: 'o', name: '' }, build: 'a b', branch: 'x..y' };
    const wrong = start({ home: 'x', port: -1, jobs: 0, servicePorts: { from: 9, to: 8 }, contracts });
    await expect(wrong).rejects.toMatchObject({
      code: 'ODMD601',
      message: expect.stringMatching(
        /"x" is not an absolute.*"o\/".*"a b".*"x\.\.y".*-1 is.*9-8.*0 is not a number/s,
      ),
    });
    expect(existsSync(sandbox.home)).toBe(false);
  });
});
