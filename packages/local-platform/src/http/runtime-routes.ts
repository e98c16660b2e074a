import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { canonicalJson, type EnverEntry, productPrefix } from '@ondemandenv/contracts-base';
import { eventSchemas, type PlatformEvent, type StoredValue } from '@ondemandenv/control-plane';
import {
  eventsRequestSchema,
  MAX_VALUE_BYTES,
  manifestRequestSchema,
  parseValueName,
  readRequestSchema,
  writeRequestSchema,
} from '@ondemandenv/enver-runtime/protocol';
import { Hono } from 'hono';
import { z } from 'zod';
import { type JobEnv, jobOnly } from './auth.js';
import { badRequest, forbidden, notFound } from './http-error.js';
import type { PlatformParts } from './platform-parts.js';
import { requireReadable, requireWritable } from './product-access.js';
import { atMost, readBody } from './read-body.js';

const KIB = 1024;
const MAX_BODY_BYTES = 256 * KIB;
const MAX_MANIFEST_BYTES = 64 * KIB * KIB;

const serviceName = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/);
const serviceSchema = z.strictObject({
  name: serviceName,
  cwd: z.string().startsWith('/'),
  command: z.array(z.string()).min(1),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()),
  health: z.string().startsWith('/').optional(),
});
const stopSchema = z.strictObject({ name: serviceName.optional() });

/** What jobs ask for with their token: the config store, the bus and the cloud as one enver may use them. */
export function runtimeRoutes(parts: PlatformParts): Hono<JobEnv> {
  const { config, controlPlane, manifests, services } = parts;
  const app = new Hono<JobEnv>();
  app.use(jobOnly(parts.access));
  const small = atMost(MAX_BODY_BYTES);
  const large = atMost(MAX_MANIFEST_BYTES);
  app.use((c, next) => (c.req.path.endsWith('/manifests') ? large : small)(c, next));

  app.get('/entry', async (c) => {
    const { enver } = c.var.job;
    const entry = await controlPlane.entry(enver);
    if (!entry) throw notFound(`the contracts in force have no enver ${enver}`);
    return c.json(entry);
  });

  app.post('/config/read', async (c) => {
    const { names } = await readBody(c, readRequestSchema);
    const { enver } = c.var.job;
    const entry = await controlPlane.entry(enver);
    const wanted = names.map(parseValueName);
    for (const { path } of wanted) requireReadable(enver, entry, path);
    const values = await Promise.all(wanted.map((name) => readOne(parts, name)));
    return c.json({ values: values.filter((value) => value !== undefined) });
  });

  app.put('/config', async (c) => {
    const { path, value } = await readBody(c, writeRequestSchema);
    const { enver } = c.var.job;
    requireWritable(enver, await controlPlane.entry(enver), path);
    const problem = valueProblem(value);
    if (problem) throw badRequest(`the value of ${path} ${problem}`);
    return c.json(await config.put(path, value));
  });

  app.post('/events', async (c) => {
    const { events } = await readBody(c, eventsRequestSchema);
    const { enver, dispatchId } = c.var.job;
    const accepted = events.map((event) => acceptEvent(enver, event));
    await parts.events.publish(accepted);
    // Unique: what is told again may mean that something more was written.
    const cause = `told by ${dispatchId} ${randomUUID()}`;
    const paths = accepted.flatMap((event) => (event.type === 'ProductsPublished' ? event.detail.paths : []));
    if (paths.length > 0) await controlPlane.productsPublished(paths, cause);
    await parts.queue.send({ kind: 'enver', id: enver }, cause);
    return c.json({});
  });

  app.put('/manifests', async (c) => {
    const { sha, manifest } = await readBody(c, manifestRequestSchema);
    const { enver } = c.var.job;
    requireContractsLib(enver, await controlPlane.entry(enver));
    await manifests.put(sha, manifest);
    return c.json({});
  });

  app.post('/services', async (c) => {
    const { health, ...wanted } = await readBody(c, serviceSchema);
    await requireInside(parts.jobsFolder, wanted.cwd);
    const { enver } = c.var.job;
    const request = { ...wanted, enver, ...(health === undefined ? {} : { health }) };
    const { name, url, port } = await services.start(request);
    // The enver may have been removed while its service was starting.
    if (!parts.access.granted(enver)) {
      await services.stop(enver, name);
      throw forbidden(`${enver} is being removed`);
    }
    return c.json({ name, url, port });
  });

  app.delete('/services', async (c) => {
    const { name } = await readBody(c, stopSchema);
    return c.json({ stopped: await services.stop(c.var.job.enver, name) });
  });
  return app;
}

async function readOne(
  { config }: PlatformParts,
  name: ReturnType<typeof parseValueName>,
): Promise<StoredValue | undefined> {
  if (name.version !== undefined) return config.getVersion(name.path, name.version);
  return (await config.getMany([name.path])).get(name.path);
}

/** Why Parameter Store or a reader could not take this value; never the value itself. */
function valueProblem(value: string): string | undefined {
  if (Buffer.byteLength(value) > MAX_VALUE_BYTES) return `is larger than ${MAX_VALUE_BYTES} bytes`;
  if (value.includes('{{')) return 'contains {{, which Parameter Store refuses';
  try {
    return canonicalJson(JSON.parse(value)) === value ? undefined : 'is not canonical JSON';
  } catch {
    return 'is not JSON';
  }
}

/** Jobs tell what they did, of their own enver only; nothing is believed but that it is worth a look. */
function acceptEvent(enver: string, { type, detail }: { type: string; detail: unknown }): PlatformEvent {
  if (type === 'ProductsPublished') {
    const told = parseDetail(type, eventSchemas.ProductsPublished, detail);
    requireOwn(enver, told.enver);
    const foreign = told.paths.find((path) => !path.startsWith(productPrefix(enver)));
    if (foreign !== undefined)
      throw forbidden(`${enver} may not announce ${foreign}: it is not one of its products`);
    return { type, detail: told };
  }
  if (type === 'EnverDeployed') {
    const told = parseDetail(type, eventSchemas.EnverDeployed, detail);
    requireOwn(enver, told.enver);
    return { type, detail: told };
  }
  throw forbidden(`a job may not announce ${type}: only ProductsPublished and EnverDeployed`);
}

function parseDetail<S extends z.ZodType>(type: string, schema: S, detail: unknown): z.output<S> {
  const result = schema.safeParse(detail);
  if (result.success) return result.data;
  throw badRequest(
    `the detail of ${type} is not valid: ${z.prettifyError(result.error).replaceAll('\n', ' ')}`,
  );
}

function requireOwn(enver: string, told: string): void {
  if (told !== enver) throw forbidden(`a job of ${enver} may not speak for ${told}`);
}

function requireContractsLib(enver: string, entry: EnverEntry | undefined): void {
  if (entry?.kind !== 'contractsLib')
    throw forbidden(`${enver} may not publish contracts: it is not a contractsLib`);
}

/** A job starts services from its own files, not from elsewhere on this machine. */
async function requireInside(folder: string, path: string): Promise<void> {
  const [real, root] = await Promise.all([
    realpath(path).catch(() => path),
    realpath(folder).catch(() => folder),
  ]);
  if (!real.startsWith(root + sep)) throw forbidden(`${path} is outside of the folders of jobs`);
}
