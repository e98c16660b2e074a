import { OdmdError } from '@ondemandenv/contracts-base';

/** One line of a function's log: JSON, so that it can be searched by enver and delivery. Values never belong in it. */
export function log(level: 'info' | 'warn' | 'error', message: string, fields: object = {}): void {
  console[level](JSON.stringify({ level, message, ...fields }));
}

/** What is worth logging of an error: with its stack, unless it is one of ours, which says where by itself. */
export function errorFields(error: unknown): object {
  if (error instanceof OdmdError)
    return { code: error.code, error: error.message, where: error.where, fix: error.fix };
  if (error instanceof Error) return { error: `${error.name}: ${error.message}`, stack: error.stack };
  return { error: String(error) };
}
