import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installEmulator } from './install.js';
import { here, root } from './place.js';
import { TokenIssuer } from './token-issuer.js';

const STARTS = 3;
const DECISIONS = 'decisions';
const READY_SECONDS = 20;

export const REGION = 'us-west-1';

/** How a client of the AWS SDK reaches the emulator. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** How a policy decided about a request. */
export interface PolicyDecision {
  /** ARN of the role, user or session that asked. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly decision: 'Allow' | 'Deny' | 'ImplicitDeny';
  /** `Sid` of the statement that decided; empty when none did. */
  readonly statement: string;
  /** The same for what one request needed. */
  readonly request: number;
}

/**
 * AWS on this machine: a process that listens on a free port of 127.0.0.1, has every account there could be, and checks
 * signatures and policies. It starts empty and leaves nothing behind.
 */
export class Emulator {
  /** Tokens of jobs; accounts trust them once they have the provider `token.actions.githubusercontent.com`. */
  readonly issuer: TokenIssuer;
  readonly url: string;
  private readonly folder: string;
  private readonly child: ChildProcess;

  private constructor(url: string, folder: string, issuer: TokenIssuer, child: ChildProcess) {
    this.url = url;
    this.folder = folder;
    this.issuer = issuer;
    this.child = child;
  }

  /** Starts it, and installs it before that where it is missing; resolves when it answers. */
  static async start(): Promise<Emulator> {
    const python = installEmulator();
    const folder = mkdtempSync(join(tmpdir(), 'odmd-emulator-'));
    for (const part of ['tmp', 's3', 'state']) mkdirSync(join(folder, part));
    // Functions run below this folder, and find the SDK as they do on AWS.
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const issuer = new TokenIssuer(join(folder, 'keys.json'));
    for (let count = 1; ; count++) {
      const port = await freePort();
      const child = launch(python, folder, port);
      const url = `http://127.0.0.1:${port}`;
      if (await ready(url, child)) return new Emulator(url, folder, issuer, child);
      await end(child);
      // Another process may have taken the port in between.
      if (count === STARTS) throw new Error(`the emulator does not start:\n${logOf(folder)}`);
    }
  }

  /** Settings for the root user of an account, to whom nothing is refused: for preparing an account only. */
  clientFor(account: string, region = REGION): ClientSettings {
    return this.clientWith({ accessKeyId: account, secretAccessKey: 'root' }, region);
  }

  /** Settings for whoever has these credentials. */
  clientWith(credentials: Credentials, region = REGION): ClientSettings {
    return { endpoint: this.url, region, credentials };
  }

  /** What the emulator wrote, for a test that failed. */
  log(): string {
    return logOf(this.folder);
  }

  /** What policies have decided so far, the oldest first; requests of root users are not among them. */
  decisions(): PolicyDecision[] {
    const file = join(this.folder, DECISIONS);
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as PolicyDecision);
  }

  async stop(): Promise<void> {
    this.issuer.close();
    await end(this.child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function launch(python: string, folder: string, port: number): ChildProcess {
  const log = openSync(join(folder, 'log'), 'w');
  const child = spawn(python, ['-B', join(here, 'launch.py')], {
    cwd: folder,
    // It ends when its input does: with this process, however that ends.
    stdio: ['pipe', log, log],
    env: {
      PATH: process.env.PATH,
      AUTH: 'true',
      ODMD_DECISIONS: join(folder, DECISIONS),
      OIDC_JWKS_FILE: join(folder, 'keys.json'),
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_REGION: REGION,
      STATE_DIR: join(folder, 'state'),
      S3_DATA_DIR: join(folder, 's3'),
      TMPDIR: join(folder, 'tmp'),
      NODE_PATH: join(root, 'node_modules'),
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
    },
  });
  closeSync(log);
  return child;
}

async function ready(url: string, child: ChildProcess): Promise<boolean> {
  const end = Date.now() + READY_SECONDS * 1000;
  while (Date.now() < end && child.exitCode === null) {
    const answer = await fetch(`${url}/_ministack/ready`).catch(() => undefined);
    if (answer?.ok) return true;
    await sleep(20);
  }
  return false;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function logOf(folder: string): string {
  return readFileSync(join(folder, 'log'), 'utf8');
}
