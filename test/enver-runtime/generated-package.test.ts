import { npmPackageSchema } from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { manifestOf, productOf } from './entries.js';
import { GeneratedWorkflows } from './generated-workflows.js';
import { NpmRegistry } from './packages/npm-registry.js';
import { World } from './world.js';

/* A package, by its generated workflow: a real registry, and the roles of the platform. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const events = enverEntry({
  build: 'events',
  kind: 'npmPackage',
  workDir: 'events',
  package: { name: '@coffee/events' },
  products: [productOf('events/b..main', 'package', npmPackageSchema)],
});

let world: World;
let registry: NpmRegistry;
let workflows: GeneratedWorkflows;
beforeAll(async () => {
  [world, registry] = await Promise.all([World.start(), NpmRegistry.start()]);
  await world.add(events);
  const variables = { GITHUB_TOKEN: registry.token };
  workflows = await GeneratedWorkflows.start(world, manifestOf(events), { variables });
});
afterAll(async () => {
  workflows?.close();
  await registry?.stop();
  await world?.stop();
});

it('a package is published with the token of the job, once for a version', async () => {
  const own = { name: '@coffee/events', version: '1.0.0', publishConfig: { registry: registry.url } };
  const sha = workflows.commit('main', { 'events/package.json': JSON.stringify(own), 'events/index.js': '' });
  const { log } = await workflows.run(events, sha);
  expect(log).toContain('Job succeeded');
  expect(log).not.toContain(registry.token);
  const { versions } = await registry.packument('@coffee/events');
  const { integrity } = versions['1.0.0']?.dist ?? {};
  const value = { name: '@coffee/events', version: '1.0.0', integrity };
  expect(await world.product(events, 'package')).toEqual({ version: 1, value });
  expect((await workflows.run(events, sha)).log).toContain('package  version 1 (unchanged)');
});
