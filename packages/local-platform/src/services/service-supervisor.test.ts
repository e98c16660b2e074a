import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { KeyValue } from '@ondemandenv/control-plane';
import { MemoryKeyValue } from '@ondemandenv/control-plane/memory';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { processAlive } from '../guard/index.js';
import { type ServiceRequest, ServiceSupervisor } from './index.js';
import { isFree } from './ports.js';

/** Each test file of the package has port numbers of its own, below the ones that systems hand out. */
const PORTS = { from: 21_000, to: 21_009 };
const ENVER = 'shop/b..main';
const ANSWER = `import { createServer } from 'node:http';
createServer((request, response) => {
  if (request.url === '/exit') process.exit(3);
  response.statusCode = request.url === '/sick' ? 503 : 200;
  response.end(JSON.stringify({ version: VERSION, cwd: process.cwd(), env: process.env }));
}).listen(process.env.PORT, '127.0.0.1');`;

let base: string;
let home: string;
let kv: KeyValue;
let open: ServiceSupervisor[];

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'odmd services ')));
  home = join(base, 'home');
  kv = new MemoryKeyValue();
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((supervisor) => supervisor.close()));
  rmSync(base, { recursive: true, force: true });
});

function supervisor(ports = PORTS, readyTimeoutMs = 10_000): ServiceSupervisor {
  const baseEnv = { PATH: process.env.PATH ?? '', HOME: base };
  const made = new ServiceSupervisor({ home, kv, ports, baseEnv, readyTimeoutMs });
  open.push(made);
  return made;
}

/** What a job would ask for: a folder with a program. */
function request(name: string, program: string, more: Partial<ServiceRequest> = {}): ServiceRequest {
  const cwd = mkdtempSync(join(base, 'job-'));
  writeFileSync(join(cwd, 'server.mjs'), program);
  mkdirSync(join(cwd, '.git'));
  writeFileSync(join(cwd, 'odmd.inputs.json'), '{}');
  return { enver: ENVER, name, cwd, command: ['node', 'server.mjs'], env: {}, health: '/', ...more };
}

const version = (n: number) => ANSWER.replace('VERSION', String(n));

async function ask(url: string): Promise<{ version: number; cwd: string; env: Record<string, string> }> {
  const response = await fetch(url, { headers: { connection: 'close' } });
  return (await response.json()) as { version: number; cwd: string; env: Record<string, string> };
}

const releases = () =>
  existsSync(join(home, 'services'))
    ? readdirSync(join(home, 'services')).flatMap((folder) => readdirSync(join(home, 'services', folder)))
    : [];

describe('starting', () => {
  test('runs a copy of the folder with a clean environment, also when the folder is gone', async () => {
    const services = supervisor();
    const wanted = request('api', version(1), { env: { GREETING: 'hello' } });
    const { url, port, state } = await services.start(wanted);
    rmSync(wanted.cwd, { recursive: true });
    expect({ port, state }).toEqual({ port: PORTS.from, state: 'running' });
    const answer = await ask(url);
    expect(answer.cwd.startsWith(home)).toBe(true);
    expect(readdirSync(answer.cwd)).toEqual(['server.mjs']);
    expect(answer.env).toMatchObject({
      GREETING: 'hello',
      ODMD_ENVER: ENVER,
      PORT: String(port),
      HOME: base,
    });
    expect(answer.env).not.toHaveProperty('VITEST');
  });

  test('replaces a release on the same port', async () => {
    const services = supervisor();
    const first = await services.start(request('api', version(1)));
    const second = await services.start(request('api', version(2)));
    expect(second.url).toBe(first.url);
    expect((await ask(second.url)).version).toBe(2);
    expect(releases().sort()).toEqual(['2', '2.log']);
    expect(services.list(ENVER)).toHaveLength(1);
  });

  test('without a health path an open port is enough', async () => {
    const { health: _, ...wanted } = request('api', version(1));
    expect((await supervisor().start(wanted)).state).toBe('running');
  });

  test('gives each service a port of its own, skips those in use, and says when there is none', async () => {
    const services = supervisor({ from: PORTS.from, to: PORTS.from + 2 });
    await occupied(PORTS.from + 1, async () => {
      const started = await Promise.all([
        services.start(request('a', version(1))),
        services.start(request('b', version(1))),
      ]);
      expect(started.map(({ port }) => port).sort()).toEqual([PORTS.from, PORTS.from + 2]);
      const none = services.start(request('c', version(1)));
      await expect(none).rejects.toMatchObject({ code: 'ODMD641', where: `service c of ${ENVER}` });
    });
  });

  test('refuses a folder that does not exist', async () => {
    const wanted = request('api', version(1), { cwd: join(base, 'missing') });
    await expect(supervisor().start(wanted)).rejects.toMatchObject({ code: 'ODMD644' });
    expect(kv.range('local/')).toEqual([]);
  });
});

describe('a release that does not get ready', () => {
  test.each([
    [
      'crashes',
      'console.log("no bus"); process.exit(3);',
      /ended before it was ready \(exit code 3\)\n {2}\| no bus/,
    ],
    [
      'does not listen',
      'console.log("idle"); setInterval(() => {}, 1000);',
      /did not answer on .* within 1.5 s\n {2}\| idle/,
    ],
    ['is sick', version(2), /did not answer on .*\/sick/],
  ])('%s: the one before runs again and the error has its last words', async (_, program, message) => {
    const services = supervisor(PORTS, 1_500);
    const before = await services.start(request('api', version(1)));
    const health = program === version(2) ? '/sick' : '/';
    const failing = services.start(request('api', program, { health }));
    await expect(failing).rejects.toMatchObject({ code: 'ODMD642', message: expect.stringMatching(message) });
    expect((await ask(before.url)).version).toBe(1);
    expect(releases().sort()).toEqual(['1', '1.log']);
  });

  test('leaves nothing when there was none before', async () => {
    const services = supervisor();
    await expect(services.start(request('api', 'process.exit(1)'))).rejects.toMatchObject({
      code: 'ODMD642',
    });
    expect(services.list()).toEqual([]);
    expect(releases()).toEqual([]);
    expect(kv.range('local/')).toEqual([]);
  });

  test('names the port when another program took it', async () => {
    const services = supervisor(PORTS, 1_000);
    const { port } = await services.start(request('api', version(1)));
    await services.close();
    const later = supervisor(PORTS, 1_000);
    await occupied(port, async () => {
      const error = await later.start(request('api', version(2))).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: 'ODMD643', where: `service api of ${ENVER}` });
      expect(error.message).toContain(String(port));
      expect(later.list(ENVER)).toMatchObject([
        { state: 'failed', problem: expect.stringContaining(String(port)) },
      ]);
    });
    // It comes up by itself once the port is free.
    await vi.waitFor(() => expect(later.list(ENVER)).toMatchObject([{ state: 'running' }]), 15_000);
  }, 30_000);
});

test('a service that ends by itself comes back', async () => {
  const services = supervisor();
  const { url } = await services.start(request('api', version(1)));
  const [{ pid } = {}] = services.list(ENVER);
  await fetch(`${url}/exit`).catch(() => undefined);
  await vi.waitFor(() => {
    const [now] = services.list(ENVER);
    expect(now?.state).toBe('running');
    expect(now?.pid).not.toBe(pid);
  }, 10_000);
  expect((await ask(url)).version).toBe(1);
});

test('recorded services come back with the platform; a failing one says so and others go on', async () => {
  const before = supervisor();
  const { url } = await before.start(request('api', version(1)));
  const broken = await before.start(request('broken', version(1)));
  const { cwd } = await ask(broken.url);
  await before.close();
  await expect(ask(url)).rejects.toThrow();
  rmSync(cwd, { recursive: true });
  // Killed while a first release, and while a second one was being started.
  mkdirSync(join(home, 'services', 'left-by-a-crash', '1'), { recursive: true });
  mkdirSync(join(dirname(cwd), '2'));

  const after = supervisor();
  await after.startAll();
  expect((await ask(url)).version).toBe(1);
  expect(after.list(ENVER)).toMatchObject([
    { name: 'api', state: 'running', pid: expect.any(Number) },
    { name: 'broken', state: 'failed', problem: expect.stringContaining('ODMD610') },
  ]);
  expect(existsSync(join(home, 'services', 'left-by-a-crash'))).toBe(false);
  expect(releases().sort()).toEqual(['1', '1.log', '1.log']);
});

test('stopping leaves no process, port, record, folder or log', async () => {
  const services = supervisor();
  await services.start(request('api', version(1)));
  const other = await services.start(request('other', version(1), { enver: `${ENVER}-_b..x` }));
  await services.start(request('web', version(1)));
  const pids = services.list(ENVER).map(({ pid = 0 }) => pid);
  expect(await services.stop(ENVER, 'missing')).toEqual([]);
  expect(await services.stop(ENVER, 'api')).toEqual(['api']);
  expect(await services.stop(ENVER)).toEqual(['web']);
  expect(pids.map(processAlive)).toEqual([false, false]);
  expect(await isFree(PORTS.from)).toBe(true);
  expect(services.list().map(({ name }) => name)).toEqual(['other']);
  expect((await ask(other.url)).version).toBe(1);
  expect(readdirSync(join(home, 'services'))).toHaveLength(1);
});

test('stopping waits for a service that is just being started, and removes it too', async () => {
  const services = supervisor();
  const started = services.start(request('api', version(1)));
  expect(await services.stop(ENVER)).toEqual(['api']);
  const { url } = await started;
  await expect(ask(url)).rejects.toThrow();
  expect(services.list()).toEqual([]);
  expect(kv.range('local/')).toEqual([]);
});

async function occupied(port: number, during: () => Promise<void>): Promise<void> {
  const server: Server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  try {
    await during();
  } finally {
    server.close();
    await once(server, 'close');
  }
}
