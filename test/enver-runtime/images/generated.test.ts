import {
  type EnverEntry,
  imageDigestSchema,
  type Manifest,
  type ProductEntry,
  productPath,
  repositoryName,
  repositoryUriSchema,
  toJsonSchema,
  workflowFile,
} from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { type WorkflowFile, workflowFiles } from '@ondemandenv/workflow-gen';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { REGION } from '../../emulator/emulator.js';
import { type Ended, type Runner, startRunner } from '../../workflows/act/runner.js';
import { COMMAND } from '../aws-job.js';
import { CENTRAL, WORKSPACE, World } from '../world.js';
import { ContainerTool } from './container-tool.js';
import { RegistryGate } from './registry-gate.js';

/* An image, by its generated workflow: a real tool, a real registry, and the roles of the platform. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const LOGIN = Buffer.from('AWS:ministack-auth-token').toString('base64');
const IMAGES = 'images/b..main';

const images = enverEntry({
  build: 'images',
  kind: 'containerImage',
  workDir: 'images',
  images: [{ repository: repositoryName(IMAGES, 'api'), context: '.', dockerfile: 'Dockerfile' }],
  products: [
    product(IMAGES, 'api/imageDigest', imageDigestSchema),
    product(IMAGES, 'api/repositoryUri', repositoryUriSchema),
  ],
});
let world: World;
let runner: Runner;
let gate: RegistryGate;
let tool: ContainerTool;
let files: readonly WorkflowFile[];
beforeAll(async () => {
  world = await World.start();
  await world.add(images);
  gate = await RegistryGate.to(world.emulator.url, LOGIN);
  tool = new ContainerTool(`${WORKSPACE}.dkr.ecr.${REGION}.amazonaws.com`, gate.url);
  files = workflowFiles(manifest());
  runner = await startRunner(files, `#!/bin/sh\nexec "${process.execPath}" "${COMMAND}" "$@"\n`);
});
afterAll(async () => {
  runner?.close();
  tool?.close();
  await gate?.close();
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
    repos: { shop: images.repo },
    envers: { [images.id]: images },
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
      ODMD_CONTAINER_TOOL: tool.program,
    },
  );
}

async function stored(entry: EnverEntry, name: string): Promise<unknown> {
  return JSON.parse((await world.stored(productPath(entry.id, name)))?.value ?? 'null');
}

it('an image is built and pushed once for a commit, and becomes a product', async () => {
  const sha = runner.commit('main', { 'images/Dockerfile': 'FROM scratch\nCOPY a /a\n', 'images/a': 'a' });
  const first = await run(images, sha);
  expect(first.log).toContain('Job succeeded');
  expect(gate.requests).toContain(`PUT /v2/images/main/api/manifests/${sha}`);
  expect(await stored(images, 'api/imageDigest')).toMatch(/^sha256:[0-9a-f]{64}$/);
  gate.requests = [];
  const again = await run(images, sha);
  expect(again.log).toContain('api/imageDigest  version 1 (unchanged)');
  expect(gate.requests).toEqual([]);
});
