import { ThrottledError } from '../../ports/throttled-error.js';

/** What AWS services call it, after the client's own retries are used up. */
const THROTTLING = new Set([
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TooManyUpdates',
]);
const PATIENCE_MS = 5_000;

/** Does a call; what AWS asks patience for is asked of whoever called, and nothing is lost. */
export async function patient<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Error) || !THROTTLING.has(error.name)) throw error;
    throw new ThrottledError(`AWS: ${error.message}`, PATIENCE_MS, { cause: error });
  }
}

/** Parts of at most `size`. */
export function inParts<T>(all: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < all.length; from += size) parts.push(all.slice(from, from + size));
  return parts;
}
