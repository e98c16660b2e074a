import { randomBytes } from 'node:crypto';
import { sha256 } from '@ondemandenv/contracts-base';
import type { KeyValue } from '@ondemandenv/control-plane';

/** Whom a job speaks for. */
export interface JobIdentity {
  readonly enver: string;
  readonly dispatchId: string;
}

const GRANTS = 'local/grants/';
const TOKENS = 'local/tokens/';

/**
 * Which jobs may speak for which enver: what IAM roles and their trust are in the cloud. An enver is granted access
 * first; only then its jobs get tokens, each valid until the job ends. Only hashes of tokens are stored.
 */
export class JobAccess {
  constructor(private readonly kv: KeyValue) {}

  grant(enver: string): void {
    if (!this.granted(enver)) this.kv.set(GRANTS + enver, { exists: true });
  }

  granted(enver: string): boolean {
    return this.kv.get(GRANTS + enver) !== undefined;
  }

  /** Takes everything back from an enver: the grant and the tokens of its jobs. */
  withdraw(enver: string): void {
    this.kv.transaction(() => {
      this.kv.delete(GRANTS + enver);
      this.removeTokens((job) => job.enver === enver);
    });
  }

  /** A new token for a job; `undefined` when its enver has no grant. An earlier token of the job ends. */
  issue(job: JobIdentity): string | undefined {
    return this.kv.transaction(() => {
      if (!this.granted(job.enver)) return undefined;
      this.ended(job.dispatchId);
      const token = randomBytes(32).toString('hex');
      this.kv.set(TOKENS + sha256(token), { enver: job.enver, dispatchId: job.dispatchId });
      return token;
    });
  }

  /** The job whose token this is. */
  identify(token: string): JobIdentity | undefined {
    return this.kv.get<JobIdentity>(TOKENS + sha256(token));
  }

  /** The job ended, and its token with it. */
  ended(dispatchId: string): void {
    this.removeTokens((job) => job.dispatchId === dispatchId);
  }

  /** No job runs: none of the tokens is good any more. */
  allEnded(): void {
    this.removeTokens(() => true);
  }

  private removeTokens(of: (job: JobIdentity) => boolean): void {
    for (const { key, value } of this.kv.range<JobIdentity>(TOKENS)) if (of(value)) this.kv.delete(key);
  }
}
