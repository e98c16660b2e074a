import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const READY_SECONDS = 30;
const program = join(
  dirname(createRequire(import.meta.url).resolve('verdaccio/package.json')),
  'bin/verdaccio',
);

/** What a registry says of a package. */
interface Packument {
  readonly 'dist-tags': Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, { readonly dist: { readonly integrity: string } }>>;
}

/** A real registry of npm packages on this machine, empty, which knows one user and nobody else. */
export class NpmRegistry {
  /** With a slash at its end. */
  readonly url: string;
  /** Of the one who may read and publish. */
  readonly token: string;
  private readonly folder: string;
  private readonly child: ChildProcess;

  private constructor(url: string, token: string, folder: string, child: ChildProcess) {
    this.url = url;
    this.token = token;
    this.folder = folder;
    this.child = child;
  }

  static async start(): Promise<NpmRegistry> {
    const folder = mkdtempSync(join(tmpdir(), 'odmd-registry-'));
    const port = await freePort();
    const config = join(folder, 'config.yaml');
    writeFileSync(config, CONFIG);
    const env = { PATH: process.env.PATH, HOME: folder };
    const args = [program, '--config', config, '--listen', `127.0.0.1:${port}`];
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore' });
    const url = `http://127.0.0.1:${port}/`;
    await ready(url, child);
    return new NpmRegistry(url, await signUp(url), folder, child);
  }

  /** What the registry says of a package, for its user. */
  async packument(name: string): Promise<Packument> {
    const headers = { authorization: `Bearer ${this.token}` };
    const answer = await fetch(this.url + name.replace('/', '%2f'), { headers });
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return (await answer.json()) as Packument;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      this.child.kill('SIGKILL');
      await once(this.child, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Like the registry of GitHub, it shows a stranger nothing. */
const CONFIG = `
storage: ./storage
auth: { htpasswd: { file: ./htpasswd } }
uplinks: {}
packages: { '**': { access: $authenticated, publish: $authenticated } }
log: { type: stdout, level: error }
web: { enable: false }
`;

async function signUp(url: string): Promise<string> {
  const answer = await fetch(`${url}-/user/org.couchdb.user:job`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'job', password: 'long-enough-1', type: 'user' }),
  });
  const { token } = (await answer.json()) as { token?: string };
  if (token === undefined) throw new Error(`the registry gave no token: ${answer.status}`);
  return token;
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + READY_SECONDS * 1000;
  while (Date.now() < end && child.exitCode === null) {
    const answer = await fetch(`${url}-/ping`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error('the registry does not start');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : 0;
}
