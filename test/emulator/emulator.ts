import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installEmulator } from './install.js';
import { here, root } from './place.js';
import { ServerProcess } from './server-process.js';
import { TokenIssuer } from './token-issuer.js';

const DECISIONS = 'decisions';
const REACHED_SECONDS = 90;

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
  private readonly server: ServerProcess;

  private constructor(server: ServerProcess, folder: string, issuer: TokenIssuer) {
    this.url = server.url;
    this.server = server;
    this.folder = folder;
    this.issuer = issuer;
  }

  /** Starts it, and installs it before that where it is missing; resolves when it answers. */
  static async start(): Promise<Emulator> {
    const folder = mkdtempSync(join(tmpdir(), 'odmd-emulator-'));
    for (const part of ['tmp', 's3', 'state']) mkdirSync(join(folder, part));
    // Functions run below this folder, and find the SDK as they do on AWS.
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const issuer = new TokenIssuer(join(folder, 'keys.json'));
    const program = installEmulator();
    const args = ['-B', join(here, 'launch.py')];
    const listeningOn = (port: number) => ({ args, env: environment(folder, port) });
    const readyAt = '/_ministack/ready';
    const server = await ServerProcess.start({ folder, program, listeningOn, readyAt });
    return new Emulator(server, folder, issuer);
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
    return this.server.log();
  }

  /** What policies have decided so far, the oldest first, and what root users did, which no policy decides. */
  decisions(): PolicyDecision[] {
    const file = join(this.folder, DECISIONS);
    if (!existsSync(file)) return [];
    // What is after the last line's end is being written.
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as PolicyDecision);
  }

  /**
   * Lets AWS stand still at the next request of somebody for an action while something happens to whoever asked; then
   * the request is carried out.
   *
   * @param principal part of the ARN
   * @param cause what leads to the request; it may end in any way
   */
  async atRequest(
    { principal, action }: { readonly principal: string; readonly action: string },
    cause: () => Promise<unknown>,
    meanwhile: () => unknown,
  ): Promise<void> {
    const file = join(this.folder, DECISIONS);
    const hold = `${file}.hold`;
    writeFileSync(hold, JSON.stringify({ principal, action }));
    try {
      const caused = Promise.allSettled([cause()]);
      const end = Date.now() + REACHED_SECONDS * 1000;
      while (!existsSync(`${file}.reached`)) {
        if (Date.now() > end) throw new Error(`${principal} has not asked for ${action}`);
        await sleep(5);
      }
      await meanwhile();
      rmSync(hold);
      await caused;
    } finally {
      rmSync(hold, { force: true });
    }
  }

  async stop(): Promise<void> {
    this.issuer.close();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function environment(folder: string, port: number): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
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
  };
}
