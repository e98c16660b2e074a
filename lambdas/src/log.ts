import { AsyncLocalStorage } from 'node:async_hooks';
import { OdmdError } from '@ondemandenv/contracts-base';
import type { Context } from 'aws-lambda';

/** What every line says that is written meanwhile. */
interface About {
  /** Of this call of the function, as in the lines that AWS writes about it. */
  readonly requestId?: string;
  /** What made the platform work: `webhook <delivery id>`, `event <id>`, or what was invoked. It goes with every hint. */
  readonly origin?: string | undefined;
  /** Id of the enver that is looked at. */
  readonly enver?: string | undefined;
}

const now = new AsyncLocalStorage<About>();

/** Does something about which all lines are that are written meanwhile. */
export function about<T>(fields: About, act: () => T): T {
  return now.run({ ...now.getStore(), ...fields }, act);
}

/** What made the platform do what it does now. */
export function originNow(): string | undefined {
  return now.getStore()?.origin;
}

/** A handler of which every line has the id of the request. */
export function handlerOf<E, R>(
  handle: (event: E) => Promise<R>,
): (event: E, context: Pick<Context, 'awsRequestId'>) => Promise<R> {
  return (event, { awsRequestId }) => about({ requestId: awsRequestId }, () => handle(event));
}

/**
 * One line of a function's log: JSON, so that it can be searched by enver and delivery. Values never belong in it.
 * It is written past the console, which on Lambda would put it into JSON of its own.
 */
export function log(level: 'INFO' | 'WARN' | 'ERROR', message: string, fields: object = {}): void {
  const line = { timestamp: new Date().toISOString(), level, message, ...now.getStore(), ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** What is worth logging of an error: with its stack, unless it is one of ours, which says where by itself. */
export function errorFields(error: unknown): object {
  if (error instanceof OdmdError)
    return { code: error.code, error: error.message, where: error.where, fix: error.fix };
  if (error instanceof Error) return { error: `${error.name}: ${error.message}`, stack: error.stack };
  return { error: String(error) };
}
