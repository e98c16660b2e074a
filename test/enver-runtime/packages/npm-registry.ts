import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ServerProcess } from '../../emulator/server-process.js';

const verdaccio = join(
  dirname(createRequire(import.meta.url).resolve('verdaccio/package.json')),
  'bin/verdaccio',
);
/** Ends the server with its input. */
const ending = `data:text/javascript,process.stdin.on('end', () => process.exit()).resume()`;

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
  private readonly server: ServerProcess;

  private constructor(url: string, token: string, folder: string, server: ServerProcess) {
    this.url = url;
    this.token = token;
    this.folder = folder;
    this.server = server;
  }

  static async start(): Promise<NpmRegistry> {
    const folder = mkdtempSync(join(tmpdir(), 'odmd-registry-'));
    const config = join(folder, 'config.yaml');
    writeFileSync(config, CONFIG);
    const args = ['--import', ending, verdaccio, '--config', config, '--listen'];
    const env = { PATH: process.env.PATH ?? '', HOME: folder };
    const server = await ServerProcess.start({
      folder,
      program: process.execPath,
      listeningOn: (port) => ({ args: [...args, `127.0.0.1:${port}`], env }),
      readyAt: '/-/ping',
    });
    const url = `${server.url}/`;
    return new NpmRegistry(url, await signUp(url), folder, server);
  }

  /** What npm has to know in a job that works in a folder, to act for the registry's user. */
  variablesIn(folder: string): Record<string, string> {
    return { NODE_AUTH_TOKEN: this.token, npm_config_cache: join(folder, '.npm') };
  }

  /** What the registry says of a package, for its user. */
  async packument(name: string): Promise<Packument> {
    const headers = { authorization: `Bearer ${this.token}` };
    const answer = await fetch(this.url + name.replace('/', '%2f'), { headers });
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return (await answer.json()) as Packument;
  }

  /** It goes on to know a version, and does not have its archive any more. */
  lose(name: string, version: string): void {
    rmSync(join(this.folder, 'storage', name, `${name.split('/').at(-1)}-${version}.tgz`));
  }

  async stop(): Promise<void> {
    await this.server.stop();
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
