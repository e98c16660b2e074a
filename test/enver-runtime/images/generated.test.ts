import { imageDigestSchema, repositoryName, repositoryUriSchema } from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { manifestOf, productOf } from '../entries.js';
import { GeneratedWorkflows } from '../generated-workflows.js';
import { World } from '../world.js';
import { ContainerTool } from './container-tool.js';
import { REGISTRY, RegistryGate } from './registry-gate.js';

/* An image, by its generated workflow: a real tool, a real registry, and the roles of the platform. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const IMAGES = 'images/b..main';

const images = enverEntry({
  build: 'images',
  kind: 'containerImage',
  workDir: 'images',
  images: [{ repository: repositoryName(IMAGES, 'api'), context: '.', dockerfile: 'Dockerfile' }],
  products: [
    productOf(IMAGES, 'api/imageDigest', imageDigestSchema),
    productOf(IMAGES, 'api/repositoryUri', repositoryUriSchema),
  ],
});
let world: World;
let gate: RegistryGate;
let tool: ContainerTool;
let workflows: GeneratedWorkflows;
beforeAll(async () => {
  world = await World.start();
  await world.add(images);
  gate = await RegistryGate.to(world.emulator.url);
  tool = new ContainerTool(REGISTRY, gate.url);
  const variables = { ODMD_CONTAINER_TOOL: tool.program };
  workflows = await GeneratedWorkflows.start(world, manifestOf(images), { variables });
});
afterAll(async () => {
  workflows?.close();
  tool?.close();
  await gate?.close();
  await world?.stop();
});

it('an image is built and pushed once for a commit, and becomes a product', async () => {
  const sha = workflows.commit('main', { 'images/Dockerfile': 'FROM scratch\nCOPY a /a\n', 'images/a': 'a' });
  const first = await workflows.run(images, sha);
  expect(first.log).toContain('Job succeeded');
  expect(gate.requests).toContain(`PUT /v2/images/main/api/manifests/${sha}`);
  expect((await world.product(images, 'api/imageDigest')).value).toMatch(/^sha256:[0-9a-f]{64}$/);
  gate.requests = [];
  const again = await workflows.run(images, sha);
  expect(again.log).toContain('api/imageDigest  version 1 (unchanged)');
  expect(gate.requests).toEqual([]);
});
