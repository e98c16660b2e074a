import { OdmdError } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { GitHubJob } from '../environment.js';
import { defaultRetry, type RetryPolicy, retrying, type Try } from '../retry.js';

const AUDIENCE = 'sts.amazonaws.com';
const TIMEOUT_MS = 10_000;
const answerSchema = z.object({ value: z.string().min(1) });

/**
 * The token by which GitHub says what this job is.
 *
 * @throws OdmdError ODMD550
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export function jobToken(job: GitHubJob, retry: RetryPolicy = defaultRetry): Promise<string> {
  return retrying(retry, () => attempt(job));
}

async function attempt({ tokenUrl, bearer }: GitHubJob): Promise<Try<string>> {
  const url = new URL(tokenUrl);
  url.searchParams.set('audience', AUDIENCE);
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${bearer}`, accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    const error = noToken(`GitHub answered with status ${response.status}`);
    if (response.status === 429 || response.status >= 500) return { ok: false, error };
    if (!response.ok) throw error;
    return { ok: true, value: tokenIn(text) };
  } catch (cause) {
    if (cause instanceof OdmdError) throw cause;
    return { ok: false, error: noToken('GitHub did not answer', cause) };
  }
}

/** An answer that is not understood is not shown: it may have the token in it. */
function tokenIn(text: string): string {
  try {
    return answerSchema.parse(JSON.parse(text)).value;
  } catch {
    throw noToken("GitHub's answer was not understood");
  }
}

function noToken(message: string, cause?: unknown): OdmdError {
  return new OdmdError('ODMD550', `no token for this job: ${message}`, {
    where: 'ACTIONS_ID_TOKEN_REQUEST_URL',
    fix: 'run it as a step of a job with the permission `id-token: write`; when GitHub has a problem, run it again',
    cause,
  });
}
