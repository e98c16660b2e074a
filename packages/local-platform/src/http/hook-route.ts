import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { z } from 'zod';
import { forLog } from '../for-log.js';
import { userOnly } from './auth.js';
import { PushFollower } from './follow-push.js';
import type { PlatformParts } from './platform-parts.js';
import { atMost, readBody } from './read-body.js';

const MAX_BODY_BYTES = 1024 * 1024;
const MAX_FOLLOW_MS = 10 * 60_000;

const pushSchema = z.strictObject({
  repo: z.string().regex(/^[^/\s]+\/[^/\s]+$/),
  updates: z.array(z.strictObject({ ref: z.string().startsWith('refs/'), old: z.string(), new: z.string() })),
});

/**
 * What the git hook calls after a push, as a webhook would; the answer is streamed to whoever pushed.
 * @param follow keeps track of answers that are still being written
 */
export function hookRoutes(parts: PlatformParts, follow: (answer: Promise<void>) => void): Hono {
  const app = new Hono();
  app.use(userOnly(parts.userToken), atMost(MAX_BODY_BYTES));

  app.post('/push', async (c) => {
    const { repo, updates } = await readBody(c, pushSchema);
    const refs = [...new Set(updates.map(({ ref }) => ref))];
    const follower = await PushFollower.prepare(parts, { repo, refs });
    const cause = `push ${randomUUID()}`;
    for (const ref of refs) await parts.queue.send({ kind: 'ref', repo, ref }, cause);

    c.header('content-type', 'text/plain; charset=utf-8');
    return stream(c, async (out) => {
      const print = (line: string) => void out.write(`${line}\n`);
      const answer = follower
        .follow(print, parts.clock.now() + MAX_FOLLOW_MS, () => out.aborted || parts.stopping.aborted)
        .catch((error) => {
          parts.log(`following the push of ${repo} failed: ${forLog(error)}`);
          print('the platform failed to follow this push; `odmd status` shows what becomes of it');
        });
      follow(answer);
      await answer;
    });
  });
  return app;
}
