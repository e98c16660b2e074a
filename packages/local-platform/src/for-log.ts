import { formatError, OdmdError } from '@ondemandenv/contracts-base';

/** An error for the platform's own log: one that nobody foresaw with its stack. */
export function forLog(error: unknown): string {
  return error instanceof Error && !(error instanceof OdmdError)
    ? (error.stack ?? error.message)
    : formatError(error);
}
