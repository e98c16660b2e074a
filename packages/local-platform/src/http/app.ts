import { Hono } from 'hono';
import { forLog } from '../for-log.js';
import { localHostOnly } from './auth.js';
import { hookRoutes } from './hook-route.js';
import { errorAnswer, notFound } from './http-error.js';
import type { PlatformParts } from './platform-parts.js';
import { runtimeRoutes } from './runtime-routes.js';
import { userRoutes } from './user-routes.js';

/** The platform's HTTP interface, and its requests that are not answered yet. */
export interface PlatformApp {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** Resolves when no request is being handled. */
  drain(): Promise<void>;
}

/** Jobs below `/runtime`, the platform's user below `/api`, git hooks below `/hooks`. */
export function createApp(parts: PlatformParts): PlatformApp {
  const pending = new Set<Promise<unknown>>();
  const track = (work: Promise<unknown>) => {
    pending.add(work);
    void work.catch(() => undefined).finally(() => pending.delete(work));
  };
  const app = new Hono();
  app.use((_, next) => {
    const handled = next();
    track(handled);
    return handled;
  }, localHostOnly);
  app.route('/runtime', runtimeRoutes(parts));
  app.route('/api', userRoutes(parts));
  app.route('/hooks', hookRoutes(parts, track));
  app.notFound(() => {
    throw notFound('there is nothing at this address');
  });
  app.onError((error, c) => {
    const { status, body } = errorAnswer(error);
    if (status >= 500) parts.log(`${c.req.method} ${c.req.path} failed: ${forLog(error)}`);
    return c.json(body, status);
  });
  return {
    fetch: (request) => app.fetch(request),
    drain: async () => {
      while (pending.size > 0) await Promise.allSettled(pending);
    },
  };
}
