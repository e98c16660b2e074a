import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  CONTRACTS_LIB_LATEST,
  contractsLibLatestSchema,
  type EnverEntry,
  npmPackageSchema,
  type ProductEntry,
  productPath,
  toJsonSchema,
  writeManifest,
} from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { AwsJob } from './aws-job.js';
import { NpmRegistry } from './packages/npm-registry.js';
import { WORKSPACE, World } from './world.js';

/* Real packages, by the real npm, in a real registry. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let world: World;
let registry: NpmRegistry;
let job: AwsJob;
beforeAll(async () => {
  [world, registry] = await Promise.all([World.start(), NpmRegistry.start()]);
});
afterEach(() => job.close());
afterAll(async () => {
  await registry?.stop();
  await world?.stop();
});

function product(id: string, name: string, schema: z.ZodType): ProductEntry {
  const result = toJsonSchema(schema);
  if (!('schema' in result)) throw new Error('no JSON schema');
  return { name, path: productPath(id, name), kind: 'value', schema: result.schema };
}

function packageOf(build: string, changes: Partial<EnverEntry> = {}): EnverEntry {
  const id = changes.id ?? `${build}/b..main`;
  return enverEntry({
    build,
    kind: 'npmPackage',
    package: { name: `@coffee/${build}` },
    commands: { test: [], deploy: [], destroy: [] },
    products: [product(id, 'package', npmPackageSchema)],
    ...changes,
  });
}

let count = 0;
async function dispatch(entry: EnverEntry, sha?: string): Promise<void> {
  const id = `d${++count}`;
  await world.dispatch(entry, id, sha);
  job.variables.ODMD_DISPATCH = id;
  expect(await job.step('resolve')).toMatchObject({ code: 0 });
}

/** A job in a checkout of a package whose only file says this. */
async function jobOf(entry: EnverEntry, content: string, changes: object = {}): Promise<void> {
  job = await AwsJob.of(world, entry);
  Object.assign(job.variables, {
    NODE_AUTH_TOKEN: registry.token,
    npm_config_cache: join(job.folder, '.npm'),
  });
  write(entry, content, changes);
  await dispatch(entry);
}

function write({ package: own }: EnverEntry, content: string, changes: object = {}): void {
  const manifest = {
    name: own?.name,
    version: '1.0.0',
    files: ['dist'],
    publishConfig: { registry: registry.url },
    scripts: {
      build: `mkdir -p dist && printf %s '${content}' > dist/index.js`,
      prepack: 'echo token in scripts: "[$NODE_AUTH_TOKEN]"',
    },
    ...changes,
  };
  job.write('package.json', JSON.stringify(manifest));
}

const published = async (entry: EnverEntry) => {
  const stored = await world.stored(productPath(entry.id, 'package'));
  return { version: stored?.version, value: JSON.parse(stored?.value ?? 'null') };
};

describe('a package', () => {
  const entry = packageOf('events');
  beforeAll(() => world.add(entry));

  it('is built, packed and published once, and becomes the product', async () => {
    await jobOf(entry, 'one');
    const ran = await job.step('run');
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(ran.stderr).toContain(`$ npm publish @coffee/events@1.0.0 to ${registry.url}`);
    expect(await job.step('publish')).toMatchObject({ code: 0 });
    const { versions, 'dist-tags': tags } = await registry.packument('@coffee/events');
    const { integrity } = versions['1.0.0']?.dist ?? {};
    expect(tags).toEqual({ latest: '1.0.0' });
    expect(await published(entry)).toEqual({
      version: 1,
      value: { name: '@coffee/events', version: '1.0.0', integrity },
    });

    const again = await job.step('run');
    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(again.stderr).toContain('@coffee/events@1.0.0 is published already');
    expect((await job.step('publish')).stdout).toContain('package  version 1 (unchanged)');
  });

  it('keeps its token from scripts, command lines, files and logs', async () => {
    await jobOf(entry, 'one');
    const { stdout, stderr } = await job.step('run');
    expect(stdout).toContain('token in scripts: []');
    expect(stdout + stderr).not.toContain(registry.token);
    expect(existsSync(join(job.folder, '.npmrc'))).toBe(false);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('odmd-package-'))).toEqual([]);
  });

  it('is a mistake when the version was published with other content', async () => {
    await jobOf(entry, 'two');
    const result = await job.step('run');
    expect(result).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /ODMD592 .*: @coffee\/events@1\.0\.0 is published already, with other content\n {2}fix: raise the version/,
      ),
    });
    expect(existsSync(join(job.folder, 'outputs'))).toBe(false);

    write(entry, 'two', { version: '1.1.0' });
    expect((await job.step('run')).code).toBe(0);
    expect((await job.step('publish')).stdout).toContain('package  version 2\n');
    expect((await published(entry)).value).toMatchObject({ version: '1.1.0' });
  });

  it('is the same one when only its compression is another', async () => {
    await jobOf(entry, 'three', { version: '3.0.0' });
    const npm = (...args: string[]) => {
      const { PATH, HOME } = job.variables;
      const auth = { [`npm_config_${registry.url.slice('http:'.length)}:_authToken`]: registry.token };
      execFileSync('npm', args, { cwd: job.folder, env: { PATH, HOME, ...auth }, stdio: 'ignore' });
    };
    npm('run', 'build');
    npm('pack');
    const packed = join(job.folder, 'coffee-events-3.0.0.tgz');
    writeFileSync(packed, gzipSync(gunzipSync(readFileSync(packed)), { level: 1 }));
    npm('publish', packed);
    const result = await job.step('run');
    expect(result, result.stderr).toMatchObject({ code: 0 });
    expect(result.stderr).toContain('@coffee/events@3.0.0 is published already');
    const { integrity } = (await registry.packument('@coffee/events')).versions['3.0.0']?.dist ?? {};
    expect(job.read('outputs')).toContain(integrity);
  });

  it('has the name that its contract says, and is not private', async () => {
    await jobOf(entry, 'x', { name: '@coffee/other' });
    expect((await job.step('run')).stderr).toMatch(
      /ODMD590 events\/b\.\.main: the package is called @coffee\/other/,
    );
    write(entry, 'x', { private: true });
    expect((await job.step('run')).stderr).toMatch(/ODMD590 package @coffee\/events: the package is private/);
    job.write('package.json', '{}');
    expect((await job.step('run')).stderr).toMatch(/ODMD590 .*there is no package.json with a name/);
  });

  it('is not published by who has no right to', async () => {
    await jobOf(entry, 'x', { version: '9.0.0' });
    job.variables.NODE_AUTH_TOKEN = 'not-the-token';
    const result = await job.step('run');
    expect(result).toMatchObject({ code: 1, stderr: expect.stringMatching(/ODMD591 .*NODE_AUTH_TOKEN/s) });
    expect(result.stderr).not.toContain('not-the-token');
  });

  it('whose script fails is not published', async () => {
    await jobOf(entry, 'x', { version: '8.0.0', scripts: { build: 'exit 3' } });
    expect(await job.step('run')).toMatchObject({ code: 3, stderr: expect.stringContaining('ODMD520') });
    expect((await registry.packument('@coffee/events')).versions).not.toHaveProperty('8.0.0');
  });
});

describe('the package of a clone', () => {
  it('is not what is installed without naming a version', async () => {
    const base = packageOf('menu');
    const revision = { kind: 'branch', ref: 'x' } as const;
    const copy = packageOf('menu', { id: 'menu/b..main-_b..x.2d711642b726', cloneOf: base.id, revision });
    await world.add(base, copy);
    await jobOf(base, 'one');
    expect((await job.step('run')).code).toBe(0);
    await job.close();
    await jobOf(copy, 'two', { version: '1.1.0' });
    const ran = await job.step('run');
    expect(ran.code, ran.stderr).toBe(0);
    expect((await registry.packument('@coffee/menu'))['dist-tags']).toEqual({
      latest: '1.0.0',
      next: '1.1.0',
    });
  });
});

describe('contracts', () => {
  const lib = enverEntry({
    build: 'contracts',
    kind: 'contractsLib',
    products: [product('contracts/b..main', CONTRACTS_LIB_LATEST, contractsLibLatestSchema)],
  });
  beforeAll(() => world.add(lib));

  it('are published as a package before the platform hears of them, once', async () => {
    job = await AwsJob.of(world, lib);
    Object.assign(job.variables, {
      NODE_AUTH_TOKEN: registry.token,
      npm_config_cache: join(job.folder, '.npm'),
    });
    const manifest = {
      schemaVersion: 1,
      org: 'coffee',
      accounts: { workspace1: { id: WORKSPACE } },
      repos: { shop: lib.repo },
      envers: { [lib.id]: lib },
    } as const;
    mkdirSync(join(job.folder, '.odmd'));
    job.write('.odmd/manifest.json', writeManifest(manifest));
    job.write('index.js', 'export const contracts = 1;');
    const own = { name: '@coffee/contracts', files: ['index.js'], publishConfig: { registry: registry.url } };
    job.write('package.json', JSON.stringify({ ...own, version: '2.0.0' }));
    const sha = commit();
    await dispatch(lib, sha);
    const result = await job.step('publish');
    expect(result, result.stderr).toMatchObject({ code: 0 });
    expect((await registry.packument('@coffee/contracts')).versions).toHaveProperty('2.0.0');
    const path = productPath(lib.id, CONTRACTS_LIB_LATEST);
    expect(JSON.parse((await world.stored(path))?.value ?? 'null')).toMatchObject({ sha, version: '2.0.0' });

    const again = await job.step('publish');
    expect(again).toMatchObject({ code: 0, stderr: '' });

    job.write('index.js', 'export const contracts = 2;');
    const next = commit();
    await dispatch(lib, next);
    expect(await job.step('publish')).toMatchObject({ code: 1, stderr: expect.stringContaining('ODMD592') });
    expect(JSON.parse((await world.stored(path))?.value ?? 'null')).toMatchObject({ sha });
  });

  function commit(): string {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: job.folder, encoding: 'utf8' }).trim();
    if (!existsSync(join(job.folder, '.git'))) git('init', '-q', '-b', 'main');
    git('add', 'index.js', 'package.json');
    git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-q', '-m', 'x');
    return git('rev-parse', 'HEAD');
  }
});
