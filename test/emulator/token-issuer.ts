import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
const AUDIENCE = 'sts.amazonaws.com';

/** What GitHub says about a job. */
export interface JobClaims {
  /** `owner/name`. */
  readonly repository: string;
  readonly repository_id: number;
  /** Full git name. */
  readonly ref: string;
  /** Path of the workflow file in the repository. */
  readonly workflow: string;
  /** Of the repository's owner: the subject has the numbers in it, as that of repositories made since July 2026. */
  readonly owner_id?: number;
}

export interface TokenOptions {
  /** @default 300; a negative number makes a token that has expired */
  readonly expiresIn?: number;
  /** @default 'sts.amazonaws.com' */
  readonly audience?: string;
  /** Signs with a key of its own, which nobody knows. */
  readonly forged?: boolean;
}

/** What a job asks GitHub for its token with: the variables of its environment. */
export interface TokenRequest {
  readonly ACTIONS_ID_TOKEN_REQUEST_URL: string;
  readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string;
}

/** Issues tokens like those of GitHub's jobs, under the name of GitHub's issuer and with a key of its own. */
export class TokenIssuer {
  private readonly key = newKey();
  private readonly jobs = new Map<string, { readonly claims: JobClaims; readonly options: TokenOptions }>();
  private server: Server | undefined;

  /** @param keysFile where the emulator finds the public key */
  constructor(keysFile: string) {
    const jwk = { ...this.key.publicKey.export({ format: 'jwk' }), kid: 'job-key', alg: 'RS256', use: 'sig' };
    writeFileSync(keysFile, JSON.stringify({ keys: [jwk] }));
  }

  /** A signed token of a job. */
  jobToken(claims: JobClaims, { expiresIn = 300, audience = AUDIENCE, forged }: TokenOptions = {}): string {
    const { repository, repository_id, ref, workflow, owner_id } = claims;
    const [owner, name] = repository.split('/');
    const subject = owner_id === undefined ? repository : `${owner}@${owner_id}/${name}@${repository_id}`;
    const now = Math.floor(Date.now() / 1000);
    const body = {
      iss: GITHUB_ISSUER,
      aud: audience,
      sub: `repo:${subject}:ref:${ref}`,
      repository,
      repository_id: String(repository_id),
      ref,
      job_workflow_ref: `${repository}/${workflow}@${ref}`,
      iat: now,
      nbf: now - 5,
      exp: now + expiresIn,
    };
    const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid: 'job-key' })}.${encode(body)}`;
    const key = forged ? newKey().privateKey : this.key.privateKey;
    return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
  }

  /** Lets a job ask for tokens over HTTP, as GitHub's runner does. */
  async tokenRequest(claims: JobClaims, options: TokenOptions = {}): Promise<TokenRequest> {
    const bearer = randomUUID();
    this.jobs.set(bearer, { claims, options });
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${await this.address()}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
    };
  }

  close(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  private async address(): Promise<string> {
    const server = this.server ?? createServer();
    if (!this.server) {
      this.server = server;
      server.on('request', (request, response) => {
        const job = this.jobs.get(request.headers.authorization?.replace(/^bearer /i, '') ?? '');
        if (!job) return response.writeHead(401).end('{}');
        const audience = new URL(request.url ?? '', 'http://issuer').searchParams.get('audience') ?? '';
        const value = this.jobToken(job.claims, { audience, ...job.options });
        return response.end(JSON.stringify({ value }));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
}

function newKey(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
