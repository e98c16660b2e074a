import { OdmdError } from '@ondemandenv/contracts-base';
import { ThrottledError } from '../../ports/throttled-error.js';

/** How long to leave GitHub alone when it does not say, or when it fails. */
const PATIENCE_MS = 60_000;
const OUTAGE_MS = 30_000;

interface Refusal extends Error {
  readonly status: number;
  readonly response?: { readonly headers: Readonly<Record<string, string | number | undefined>> };
}

/**
 * Asks GitHub for something.
 *
 * @param where what it is about, for a person
 * @throws ThrottledError when GitHub asks for patience, or fails · OdmdError ODMD433 when it refuses
 */
export async function ask<T>(where: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translated(where, error);
  }
}

/** As `ask`; `undefined` when there is no such thing, which is what the statuses `absent` say. */
export async function find<T>(
  where: string,
  call: () => Promise<T>,
  // 409 is what an empty repository answers to any question about its content.
  absent: readonly number[] = [404, 409],
): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isRefusal(error) && patienceMs(error) === undefined && absent.includes(error.status))
      return undefined;
    throw translated(where, error);
  }
}

/** What GitHub said when it refused something; `undefined` of any other error. */
export function refusalOf(error: unknown): { readonly status: number; readonly message: string } | undefined {
  const cause = error instanceof OdmdError ? error.cause : error;
  return isRefusal(cause) ? { status: cause.status, message: cause.message } : undefined;
}

function translated(where: string, error: unknown): unknown {
  if (!isRefusal(error)) return error;
  const wait = patienceMs(error);
  if (wait !== undefined) return new ThrottledError(`GitHub: ${error.message}`, wait, { cause: error });
  return new OdmdError('ODMD433', `GitHub refused (${error.status}): ${error.message}`, {
    where,
    fix: 'look at the permissions of the GitHub App and at the repositories that it is installed for',
    cause: error,
  });
}

/** How long GitHub wants to be left alone, if that is what its answer says. */
function patienceMs({ status, message, response }: Refusal): number | undefined {
  if (status >= 500) return OUTAGE_MS;
  if (status !== 403 && status !== 429) return undefined;
  const headers = response?.headers ?? {};
  const seconds = Number(headers['retry-after']);
  if (seconds > 0) return seconds * 1_000;
  const reset = Number(headers['x-ratelimit-reset']);
  // Its clock and this one may differ by a second.
  if (headers['x-ratelimit-remaining'] === '0' && reset > 0)
    return Math.max(reset * 1_000 - Date.now(), 0) + 1_000;
  return status === 429 || /rate limit|abuse/i.test(message) ? PATIENCE_MS : undefined;
}

function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}
