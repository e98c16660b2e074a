/**
 * Somebody outside asks for patience. Any port may throw it; whoever handles the hint delivers it again after that
 * time, and nothing is lost.
 */
export class ThrottledError extends Error {
  override readonly name = 'ThrottledError';

  constructor(
    message: string,
    readonly retryAfterMs: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
