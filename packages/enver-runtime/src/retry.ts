/** How often and how patiently a call is tried. */
export interface RetryPolicy {
  /** Calls in all, the first included. */
  readonly tries: number;
  /** Milliseconds before the second try; doubled for each further one. */
  readonly baseMs: number;
  /** No wait is longer, whatever the other side asks for. */
  readonly capMs: number;
  /** In [0, 1). */
  random(): number;
  sleep(ms: number): Promise<void>;
}

export const defaultRetry: RetryPolicy = {
  tries: 4,
  baseMs: 200,
  capMs: 10_000,
  random: Math.random,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** The end of one try: a value, or an error that another try may heal. A permanent error is thrown instead. */
export type Try<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Error; readonly afterMs?: number };

/** Tries until a value comes, with growing waits, each shortened by up to half at random; then throws the last error. */
export async function retrying<T>(policy: RetryPolicy, attempt: () => Promise<Try<T>>): Promise<T> {
  for (let count = 1; ; count++) {
    const result = await attempt();
    if (result.ok) return result.value;
    if (count >= policy.tries) throw result.error;
    await policy.sleep(waitMs(policy, count, result.afterMs));
  }
}

function waitMs(policy: RetryPolicy, count: number, afterMs: number | undefined): number {
  const grown = policy.baseMs * 2 ** (count - 1) * (1 - policy.random() / 2);
  return Math.min(policy.capMs, Math.max(grown, afterMs ?? 0));
}
