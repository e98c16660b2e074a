import {
  type EnverEntry,
  type Manifest,
  npmPackageSchema,
  type ProductEntry,
  productPath,
  toJsonSchema,
  workflowFile,
} from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { type WorkflowFile, workflowFiles } from '@ondemandenv/workflow-gen';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { REGION } from '../emulator/emulator.js';
import { type Ended, type Runner, startRunner } from '../workflows/act/runner.js';
import { COMMAND } from './aws-job.js';
import { NpmRegistry } from './packages/npm-registry.js';
import { CENTRAL, WORKSPACE, World } from './world.js';

/* A package, by its generated workflow: a real registry, and the roles of the platform. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const EVENTS = 'events/b..main';

const events = enverEntry({
  build: 'events',
  kind: 'npmPackage',
  workDir: 'events',
  package: { name: '@coffee/events' },
  products: [product(EVENTS, 'package', npmPackageSchema)],
});

let world: World;
let runner: Runner;
let registry: NpmRegistry;
let files: readonly WorkflowFile[];
beforeAll(async () => {
  [world, registry] = await Promise.all([World.start(), NpmRegistry.start()]);
  await world.add(events);
  files = workflowFiles(manifest());
  runner = await startRunner(files, `#!/bin/sh\nexec "${process.execPath}" "${COMMAND}" "$@"\n`);
});
afterAll(async () => {
  runner?.close();
  await registry?.stop();
  await world?.stop();
});

function product(id: string, name: string, schema: z.ZodType): ProductEntry {
  const result = toJsonSchema(schema);
  if (!('schema' in result)) throw new Error('no JSON schema');
  return { name, path: productPath(id, name), kind: 'value', schema: result.schema };
}

function manifest(): Manifest {
  return {
    schemaVersion: 1,
    org: 'coffee',
    regions: [REGION],
    accounts: { central: { id: CENTRAL.account, central: true }, workspace1: { id: WORKSPACE } },
    repos: { shop: events.repo },
    envers: { [events.id]: events },
  };
}

let count = 0;
/** Dispatches a commit of an enver as the platform does, and runs its workflow to its end. */
async function run(entry: EnverEntry, sha: string): Promise<Ended> {
  const dispatch = `d${++count}`;
  await world.dispatch(entry, dispatch, sha);
  const { build, kind, region, account } = entry;
  const path = workflowFile({ build, kind, region, account: account.name });
  const file = files.find((one) => one.path === path);
  if (!file) throw new Error(`there is no ${path}`);
  return runner.dispatch(
    file,
    'main',
    { enver: entry.id, dispatch, sha },
    {},
    {
      ...(await world.emulator.issuer.tokenRequest(world.claims(entry))),
      AWS_ENDPOINT_URL: world.emulator.url,
      GITHUB_TOKEN: registry.token,
    },
  );
}

async function stored(entry: EnverEntry, name: string): Promise<unknown> {
  return JSON.parse((await world.stored(productPath(entry.id, name)))?.value ?? 'null');
}

it('a package is published with the token of the job, once for a version', async () => {
  const own = { name: '@coffee/events', version: '1.0.0', publishConfig: { registry: registry.url } };
  const sha = runner.commit('main', { 'events/package.json': JSON.stringify(own), 'events/index.js': '' });
  const { log } = await run(events, sha);
  expect(log).toContain('Job succeeded');
  expect(log).not.toContain(registry.token);
  const { versions } = await registry.packument('@coffee/events');
  expect(await stored(events, 'package')).toEqual({
    name: '@coffee/events',
    version: '1.0.0',
    integrity: versions['1.0.0']?.dist.integrity,
  });
  expect((await run(events, sha)).log).toContain('package  version 1 (unchanged)');
});
