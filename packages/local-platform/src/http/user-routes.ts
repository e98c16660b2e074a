import { readFile } from 'node:fs/promises';
import { requestSchemas } from '@ondemandenv/control-plane';
import { Hono } from 'hono';
import { z } from 'zod';
import { userOnly } from './auth.js';
import { badRequest, notFound } from './http-error.js';
import type { PlatformParts } from './platform-parts.js';
import { atMost, readBody } from './read-body.js';
import { localStatus } from './status.js';

const MAX_BODY_BYTES = 64 * 1024;
const {
  deploy: deploySchema,
  retire: retireSchema,
  sync: syncSchema,
  command: commandSchema,
} = requestSchemas;
const decideSchema = requestSchemas.decide.extend({
  /** `account/role`. */
  by: z.string().regex(/^[^/]+\/[^/]+$/, 'write it as account/role'),
});
const afterSchema = z.coerce.number().int().min(0);

/** What `odmd` asks of the platform for its user. */
export function userRoutes(parts: PlatformParts): Hono {
  const app = new Hono();
  app.use(userOnly(parts.userToken), atMost(MAX_BODY_BYTES));

  app.get('/status', async (c) => c.json(await localStatus(parts)));

  app.get('/events', (c) => {
    const after = afterSchema.safeParse(c.req.query('after') ?? '0');
    if (!after.success) throw badRequest('`after` is not the number of an event');
    return c.json({ events: parts.events.since(after.data) });
  });

  app.post('/deploy', async (c) => {
    const { enver } = await readBody(c, deploySchema);
    await parts.controlPlane.deploy(enver, `odmd deploy at ${new Date(parts.clock.now()).toISOString()}`);
    return c.json({});
  });

  app.post('/decide', async (c) => {
    const { by, ...decision } = await readBody(c, decideSchema);
    const [account = '', role = ''] = by.split('/');
    await parts.controlPlane.decide({ ...decision, by: { account, role } });
    return c.json({});
  });

  app.post('/retire', async (c) => {
    const { enver } = await readBody(c, retireSchema);
    await parts.controlPlane.retire(enver, 'odmd retire');
    return c.json({});
  });

  app.post('/sync', async (c) => {
    const { sha } = await readBody(c, syncSchema);
    await parts.controlPlane.applyContracts({ sha, force: true, by: 'odmd sync' });
    return c.json({});
  });

  app.post('/command', async (c) => {
    const { repo, ref, line } = await readBody(c, commandSchema);
    return c.json({ answers: await parts.controlPlane.command(repo, ref, line) });
  });

  app.get('/log', async (c) => c.text(await newestLog(parts, c.req.query('enver') ?? '')));

  app.post('/stop', (c) => {
    parts.stop();
    return c.json({});
  });
  return app;
}

/** What the newest job of an enver printed. */
async function newestLog({ records, jobs }: PlatformParts, enver: string): Promise<string> {
  if (!(await records.get('enver', enver))) throw notFound(`there is no enver ${JSON.stringify(enver)}`);
  const newest = jobs.latest(enver);
  if (newest === undefined) throw notFound(`no job of ${enver} has run yet`);
  // Queued: it has printed nothing yet.
  return readFile(jobs.logFile(newest), 'utf8').catch(() => '');
}
