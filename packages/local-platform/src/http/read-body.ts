import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { badRequest, tooLarge } from './http-error.js';

/** The JSON body in the shape of a schema. @throws HttpError 400 that says what is wrong with it */
export async function readBody<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  let json: unknown;
  try {
    json = JSON.parse(await c.req.text());
  } catch {
    throw badRequest('the body is not JSON');
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw badRequest(`the body is not valid: ${z.prettifyError(result.error).replaceAll('\n', ' ')}`);
}

/** Refuses bodies of more bytes. */
export function atMost(maxSize: number): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw tooLarge(maxSize);
    },
  });
}
