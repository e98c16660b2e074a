import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type EnverEntry,
  imageDigestSchema,
  productPath,
  repositoryName,
  repositoryUriSchema,
  sha256,
} from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AwsJob } from '../aws-job.js';
import { productOf } from '../entries.js';
import { jobOf } from '../job-of.js';
import { World } from '../world.js';
import { ContainerTool } from './container-tool.js';
import { LOGIN, REGISTRY, RegistryGate } from './registry-gate.js';

/* Real images, by a real tool, in the emulator's registry, with the roles that the platform makes. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let world: World;
let gate: RegistryGate;
let tool: ContainerTool;
let job: AwsJob;
beforeAll(async () => {
  world = await World.start();
  gate = await RegistryGate.to(world.emulator.url);
  tool = new ContainerTool(REGISTRY, gate.url);
});
afterEach(() => {
  tool.calls();
  gate.requests = [];
});
afterAll(async () => {
  tool?.close();
  await gate?.close();
  await world?.stop();
});

/** An enver with two images, the second in a folder whose name looks like an option. */
function imagesOf(build: string, names: readonly string[] = ['api', 'worker']): EnverEntry {
  const id = `${build}/b..main`;
  const folder = (name: string) => (name === 'worker' ? '--worker' : '.');
  return enverEntry({
    build,
    kind: 'containerImage',
    commands: { test: ['echo tested'], deploy: [], destroy: [] },
    images: names.map((name) => ({
      repository: repositoryName(id, name),
      context: folder(name),
      dockerfile: join(folder(name), 'Dockerfile'),
    })),
    products: names.flatMap((name) => [
      productOf(id, `${name}/imageDigest`, imageDigestSchema),
      productOf(id, `${name}/repositoryUri`, repositoryUriSchema),
    ]),
  });
}

const DOCKERFILE = 'FROM scratch\nCOPY content /content\n';

let count = 0;
/** A job in a checkout of two Dockerfiles with this content, at a commit of its own. */
async function jobAt(
  entry: EnverEntry,
  content: string,
  files: Record<string, string> = {},
): Promise<string> {
  job = await jobOf(world, entry);
  job.variables.ODMD_CONTAINER_TOOL = tool.program;
  mkdirSync(join(job.folder, '--worker'));
  const all = { Dockerfile: DOCKERFILE, content, '--worker/Dockerfile': DOCKERFILE, '--worker/content': 'w' };
  for (const [name, text] of Object.entries({ ...all, ...files })) job.write(name, text);
  const sha = job.commit('.');
  await dispatch(entry, sha);
  return sha;
}

async function dispatch(entry: EnverEntry, sha: string): Promise<void> {
  const id = `d${++count}`;
  await world.dispatch(entry, id, sha);
  job.variables.ODMD_DISPATCH = id;
  expect(await job.step('resolve')).toMatchObject({ code: 0 });
  job.wire.counts();
}

const pushes = () => gate.requests.filter((request) => request.startsWith('PUT '));
const logins = () => readdirSync(tmpdir()).filter((name) => name.startsWith('odmd-login-'));

describe('the images of an enver', () => {
  const entry = imagesOf('images');
  const path = (name: string) => productPath(entry.id, name);
  const digest = async () => String((await world.product(entry, 'api/imageDigest')).value);
  beforeAll(() => world.add(entry));

  it('are built, pushed under their commit, and published by their digests', async () => {
    const sha = await jobAt(entry, 'one');
    const ran = await job.step('run');
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(ran.stdout).toContain('tested');
    const published = await job.step('publish');
    expect(published, published.stderr).toMatchObject({ code: 0 });
    expect(await world.stored(path('api/repositoryUri'))).toEqual({
      version: 1,
      value: `"${REGISTRY}/images/main/api"`,
    });
    const manifest = await gate.get(`http://${REGISTRY}/v2/images/main/api/manifests/${await digest()}`);
    expect(`sha256:${sha256(manifest)}`).toBe(await digest());
    expect(JSON.parse(manifest).layers).toHaveLength(1);
    expect(pushes()).toContainEqual(`PUT /v2/images/main/api/manifests/${sha}`);
    expect(pushes()).toContainEqual(`PUT /v2/images/main/worker/manifests/${sha}`);
  });

  it('need a login that nobody sees', async () => {
    await jobAt(entry, 'secret');
    const before = logins();
    const { code, stdout, stderr } = await job.step('run');
    expect(code, stderr).toBe(0);
    const calls = tool.calls();
    expect(calls.map(({ args }) => args[0])).toEqual(['build', 'build', 'push', 'push']);
    for (const { args, env } of calls) {
      expect(JSON.stringify([args, env])).not.toMatch(/ministack-auth-token|proof|AWS_SECRET_ACCESS_KEY/);
      expect(JSON.stringify([args, env])).not.toContain(LOGIN);
      expect(env.DOCKER_CONFIG).toMatch(/odmd-login-/);
      expect(existsSync(env.DOCKER_CONFIG ?? '')).toBe(false);
    }
    expect(stdout + stderr).not.toContain(LOGIN);
    expect(existsSync(join(job.folder, '.docker'))).toBe(false);
    expect(logins()).toEqual(before);
  });

  it('are not built again for the same commit', async () => {
    const sha = await jobAt(entry, 'again');
    await job.step('run');
    await job.step('publish');
    const first = await world.stored(path('api/imageDigest'));
    gate.requests = [];
    tool.calls();

    await dispatch(entry, sha);
    const again = await job.step('run');
    expect(again.stderr).toContain(`images/main/api:${sha} is there already`);
    expect(job.wire.counts()).toEqual({ 'GET S3': 1, GetParameters: 1, DescribeImages: 2 });
    expect(tool.calls()).toEqual([]);
    expect(gate.requests).toEqual([]);
    expect((await job.step('publish')).stdout).toContain(
      `imageDigest  version ${first?.version} (unchanged)`,
    );
    expect(await world.stored(path('api/imageDigest'))).toEqual(first);
  });

  it('are finished by another job when one was stopped between two of them', async () => {
    const sha = await jobAt(entry, 'half', { '--worker/Dockerfile': 'FROM scratch\nCOPY missing /\n' });
    const one = imagesOf('images', ['api']);
    await world.apply(one);
    await dispatch(one, sha);
    expect((await job.step('run')).code).toBe(0);
    await world.apply(entry);
    await dispatch(entry, sha);
    tool.calls();
    const half = await job.step('run');
    expect(half.code).toBe(125);
    expect(tool.calls().map(({ args }) => args.at(-1))).toEqual([join(job.folder, '--worker')]);
  });

  it('are nothing when a build fails', async () => {
    await jobAt(entry, 'broken', { Dockerfile: 'FROM scratch\nCOPY nothing-like-this /\n' });
    const before = logins();
    const result = await job.step('run');
    expect(result.code).toBe(125);
    expect(result.stderr).toContain('ODMD520');
    expect(result.stderr).toContain('nothing-like-this');
    expect(pushes()).toEqual([]);
    expect(logins()).toEqual(before);
    expect(existsSync(join(job.folder, 'outputs'))).toBe(false);
    expect((await job.step('publish')).stderr).toContain('ODMD532 product api/imageDigest');
  });

  it('have no inputs in them', async () => {
    await jobAt(entry, 'inputs', { Dockerfile: 'FROM scratch\nCOPY odmd.inputs.json /\n' });
    const result = await job.step('run');
    expect(result.code).toBe(125);
    expect(result.stderr).toContain('odmd.inputs.json');
    // For the steps that follow it is there.
    expect(JSON.parse(job.read('odmd.inputs.json'))).toMatchObject({ enver: entry.id });
  });

  it('are of the dispatched commit only', async () => {
    await jobAt(entry, 'moved');
    await dispatch(entry, 'e'.repeat(40));
    const result = await job.step('run');
    expect(result).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ODMD542 git: the checked-out'),
    });
    expect(tool.calls()).toEqual([]);
  });

  it('take a tool that is there', async () => {
    await jobAt(entry, 'no tool');
    job.variables.ODMD_CONTAINER_TOOL = 'no-such-tool';
    const before = logins();
    expect(await job.step('run')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ODMD521 no-such-tool: there is no such command/),
    });
    expect(logins()).toEqual(before);
  });
});

describe('the repository of an image', () => {
  it('is that of its own enver: the role of another one is refused', async () => {
    const [mine, other] = [imagesOf('mine', ['api']), imagesOf('other', ['api'])];
    await world.add(mine, other);
    await jobAt(mine, 'x');
    await world.apply({ ...mine, images: other.images });
    const result = await job.step('run');
    expect(result).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ODMD552 .*other\/main\/api: AWS refused to look for the image/),
    });
    expect(tool.calls()).toEqual([]);
  });

  it('has to be there', async () => {
    const entry = imagesOf('new', ['api']);
    await world.add(entry);
    const more = imagesOf('new', ['api', 'worker']);
    await world.apply(more);
    await jobAt(more, 'x');
    // The emulator's role policy names the repositories that it was made with, so AWS could refuse before it looks.
    expect(await job.step('run')).toMatchObject({ code: 1, stderr: expect.stringMatching(/ODMD5(52|81)/) });
  });
});
