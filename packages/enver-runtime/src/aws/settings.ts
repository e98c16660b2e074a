/**
 * How every client of the SDK tries: six times, with growing waits at random lengths of at most 20 seconds, which are
 * longer after throttling.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export const CLIENT = { maxAttempts: 6, retryMode: 'standard' } as const;
