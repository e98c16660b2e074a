import { OdmdError } from '@ondemandenv/contracts-base';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** A coded error with the HTTP status that it is answered with. */
class HttpError extends OdmdError {
  constructor(
    readonly status: ContentfulStatusCode,
    code: string,
    message: string,
    details: { where?: string; fix?: string } = {},
  ) {
    super(code, message, details);
  }
}

/** Who asks is not who may. */
export const unauthorized = (fix: string) =>
  new HttpError(401, 'ODMD650', 'the bearer token is missing or not valid', { fix });

export const forbidden = (message: string, fix?: string) =>
  new HttpError(403, 'ODMD651', message, fix === undefined ? {} : { fix });

export const badRequest = (message: string) => new HttpError(400, 'ODMD652', message);

export const tooLarge = (maxBytes: number) =>
  new HttpError(413, 'ODMD653', `the request is larger than ${maxBytes} bytes`);

export const notFound = (message: string) => new HttpError(404, 'ODMD654', message);

/** What is said of an error: never a stack, and nothing of one that nobody foresaw. */
export function errorAnswer(error: unknown): {
  status: ContentfulStatusCode;
  body: { code: string; message: string; where?: string; fix?: string };
} {
  if (error instanceof OdmdError) {
    const { code, message, where, fix } = error;
    const details = { ...(where === undefined ? {} : { where }), ...(fix === undefined ? {} : { fix }) };
    return { status: error instanceof HttpError ? error.status : 422, body: { code, message, ...details } };
  }
  const fix = 'its log says more';
  return { status: 500, body: { code: 'ODMD655', message: 'the platform failed to answer', fix } };
}
