import { setTimeout as delay } from 'node:timers/promises';
import { OdmdError } from '@ondemandenv/contracts-base';
import type { Answer, EnverStatus, PlatformStatus, UnprotectedEnver } from '@ondemandenv/control-plane';
import { LATER_CODES, STILL_BUSY } from '../exit.js';
import type { Decision, PlatformClient } from '../platform-client.js';
import { cloudAddress } from './address.js';
import { NO_ANSWER, noAnswer, notUnderstood, objectOf, refusal } from './refusal.js';
import type { Signer } from './sign.js';

/** The platform's function answers within a minute, or not at all. */
const MAX_ANSWER_MS = 65_000;
/** A look that failed for a reason that passes is repeated so often. */
const LOOKS = 3;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** Of more envers their number is said. */
const MAX_NAMED = 5;

/**
 * A platform on AWS: each request is signed with the credentials of whoever runs this.
 * Errors: the platform's own codes, or those of `cloudAddress`, of `Signer` and of `refusal`.
 */
export class CloudClient implements PlatformClient {
  private constructor(
    private readonly url: string,
    private readonly sign: Signer,
  ) {}

  static async open(
    address: string,
    env: Readonly<Record<string, string | undefined>>,
  ): Promise<CloudClient> {
    const { url, region } = cloudAddress(address, env);
    const { awsSigner } = await import('./sign.js');
    return new CloudClient(url, awsSigner(region));
  }

  async status(): Promise<PlatformStatus> {
    return this.look<PlatformStatus>('status', {}, 'envers');
  }

  async enver(id: string): Promise<EnverStatus> {
    return this.look<EnverStatus>('status', { enver: id }, 'phase');
  }

  async unprotected(repo: string): Promise<readonly UnprotectedEnver[]> {
    const found = await this.look<{ envers: UnprotectedEnver[] }>('unprotected', { repo }, 'envers');
    return found.envers;
  }

  waitUntilIdle(timeoutMs: number): Promise<PlatformStatus> {
    return until(
      timeoutMs,
      () => this.status(),
      ({ envers }) => envers.filter(({ busy }) => busy),
    );
  }

  waitFor(enver: string, timeoutMs: number): Promise<EnverStatus> {
    return until(
      timeoutMs,
      () => this.enver(enver),
      (one) => [one],
    );
  }

  async deploy(enver: string): Promise<void> {
    await this.call('POST', 'deploy', { enver });
  }

  async decide(decision: Decision): Promise<void> {
    await this.call('POST', 'decide', decision);
  }

  async retire(enver: string): Promise<void> {
    await this.call('POST', 'retire', { enver });
  }

  async applyContracts(sha: string): Promise<void> {
    await this.call('POST', 'sync', { sha });
  }

  async command(repo: string, ref: string, line: string): Promise<readonly Answer[]> {
    const { answers } = await this.call('POST', 'command', { repo, ref, line });
    if (!Array.isArray(answers)) throw notUnderstood(this.url, 'no answers');
    return answers;
  }

  /** Asks how things are; what passes is tried again. @param has what the answer must have */
  private async look<T>(path: string, query: Record<string, string>, has: keyof T & string): Promise<T> {
    for (let count = 1; ; count++) {
      try {
        const answer = await this.call('GET', path, undefined, query);
        if (!(has in answer)) throw notUnderstood(this.url, `no ${has}`);
        return answer as T;
      } catch (error) {
        if (count === LOOKS || !(error instanceof OdmdError) || !LATER_CODES.includes(error.code))
          throw error;
        await delay(FIRST_PAUSE_MS * 2 ** count);
      }
    }
  }

  private async call(
    method: 'GET' | 'POST',
    path: string,
    content?: object,
    query: Record<string, string> = {},
  ): Promise<Readonly<Record<string, unknown>>> {
    const url = new URL(`${this.url}api/${path}`);
    url.search = Object.entries(query)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
    const body = content && JSON.stringify(content);
    const headers = await this.sign({ method, url, ...(body !== undefined && { body }) });
    const signal = AbortSignal.timeout(MAX_ANSWER_MS);
    const response = await fetch(url, { method, headers, signal, ...(body !== undefined && { body }) }).catch(
      (cause) => {
        throw noAnswer(url.href, cause);
      },
    );
    const text = await response.text().catch((cause) => {
      throw noAnswer(url.href, cause);
    });
    if (response.ok) return objectOf(text);
    throw refusal(response.status, text, url.href);
  }
}

/**
 * Looks, ever more rarely, until it is not busy. While there is time it bears with a platform that does not answer.
 * @param working what to name when the time is over
 */
async function until<T extends { readonly busy: boolean }>(
  timeoutMs: number,
  look: () => Promise<T>,
  working: (seen: T) => readonly EnverStatus[],
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const seen = await look().catch((error) => {
      if (Date.now() < deadline && passes(error, NO_ANSWER)) return undefined;
      throw error;
    });
    if (seen && !seen.busy) return seen;
    const left = deadline - Date.now();
    if (seen && left <= 0) throw stillBusy(timeoutMs, working(seen));
    await delay(Math.max(0, Math.min(pause, left)));
  }
}

function stillBusy(timeoutMs: number, working: readonly EnverStatus[]): OdmdError {
  const names = working.map(({ id, phase, reason }) => `${id} ${phase}: ${reason}`);
  const what = names.length > MAX_NAMED ? `${names.length} envers` : names.join('; ') || 'queued work';
  return new OdmdError(STILL_BUSY, `still busy after ${timeoutMs / 1000} s: ${what}`, {
    fix: 'give --timeout more seconds, or see `odmd status <enver>`',
  });
}

function passes(error: unknown, ...more: string[]): boolean {
  return error instanceof OdmdError && [...LATER_CODES, ...more].includes(error.code);
}
