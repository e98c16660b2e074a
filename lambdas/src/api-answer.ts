import { OdmdError } from '@ondemandenv/contracts-base';
import { ConflictError, ThrottledError } from '@ondemandenv/control-plane';
import type { LambdaFunctionURLResult } from 'aws-lambda';

/** What answers a request that was refused; any other error of ours is an answer to what was asked: 422. */
const STATUS: Readonly<Record<string, number>> = {
  ODMD406: 409,
  ODMD407: 409,
  ODMD408: 403,
  ODMD410: 409,
  ODMD413: 404,
  ODMD414: 409,
  ODMD860: 403,
  ODMD864: 403,
  ODMD865: 400,
  ODMD866: 404,
  ODMD867: 403,
};
/** Not the caller's fault: AWS, GitHub or the installation. */
const OF_THE_PLATFORM = /^ODMD(4[23]|86[123])/;

export function json(statusCode: number, body: unknown, headers: Record<string, string> = {}) {
  const typed = { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers };
  return { statusCode, headers: typed, body: JSON.stringify(body) } satisfies LambdaFunctionURLResult;
}

/** What is said of an error: never a stack, and nothing of one that nobody foresaw. */
export function errorAnswer(error: unknown): ReturnType<typeof json> {
  if (error instanceof OdmdError) {
    const { code, message, where, fix } = error;
    const status = STATUS[code] ?? (OF_THE_PLATFORM.test(code) ? 502 : 422);
    return json(status, { code, message, where, fix });
  }
  if (error instanceof ThrottledError || error instanceof ConflictError) {
    const seconds = error instanceof ThrottledError ? Math.ceil(error.retryAfterMs / 1_000) : 1;
    const body = {
      code: 'ODMD868',
      message: 'the platform is busy with the same thing, or has to be patient',
      fix: `try again in ${seconds} s`,
    };
    return json(503, body, { 'retry-after': String(seconds) });
  }
  const fix = 'its log says more';
  return json(500, { code: 'ODMD869', message: 'the platform failed to answer', fix });
}
