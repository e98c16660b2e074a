import { timingSafeEqual } from 'node:crypto';
import { sha256 } from '@ondemandenv/contracts-base';
import type { Context, MiddlewareHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { JobAccess, JobIdentity } from '../job-access.js';
import { forbidden, unauthorized } from './http-error.js';

/** What later handlers of a job's request know. */
export interface JobEnv {
  Variables: { job: JobIdentity };
}

const LOCAL_HOST = /^(127\.0\.0\.1|localhost)(:\d+)?$/i;

/** Refuses requests that a web page sent here under a name of its own (DNS rebinding). */
export const localHostOnly: MiddlewareHandler = async (c, next) => {
  const host = c.req.header('host') ?? '';
  if (!LOCAL_HOST.test(host)) throw forbidden('the Host header is not 127.0.0.1 or localhost');
  await next();
};

/** Lets the platform's own user in: who can read `platform.json`. */
export function userOnly(userToken: string): MiddlewareHandler {
  const expected = Buffer.from(sha256(userToken));
  return async (c, next) => {
    // Hashes are of equal length, whatever was sent.
    if (!timingSafeEqual(Buffer.from(sha256(bearer(c))), expected))
      throw unauthorized('use the token of platform.json in the home of the running platform');
    await next();
  };
}

/** Lets the jobs that run now in, each as the enver it deploys. */
export function jobOnly(access: JobAccess) {
  return createMiddleware<JobEnv>(async (c, next) => {
    const job = access.identify(bearer(c));
    if (!job || !access.granted(job.enver))
      throw unauthorized('use $ODMD_JOB_TOKEN of a job that is still running');
    c.set('job', job);
    await next();
  });
}

function bearer(c: Context): string {
  return /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
}
