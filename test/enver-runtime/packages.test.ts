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
  writeManifest,
} from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AwsJob } from './aws-job.js';
import { productOf } from './entries.js';
import { jobOf } from './job-of.js';
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
afterAll(async () => {
  await registry?.stop();
  await world?.stop();
});

function packageOf(build: string, changes: Partial<EnverEntry> = {}): EnverEntry {
  const id = changes.id ?? `${build}/b..main`;
  return enverEntry({
    build,
    kind: 'npmPackage',
    package: { name: `@coffee/${build}` },
    commands: { test: [], deploy: [], destroy: [] },
    products: [productOf(id, 'package', npmPackageSchema)],
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

async function startJob(entry: EnverEntry): Promise<void> {
  job = await jobOf(world, entry);
  Object.assign(job.variables, registry.variablesIn(job.folder));
}

/** A job in a checkout of a package whose only file says this. */
async function jobAt(entry: EnverEntry, content: string, changes: object = {}): Promise<void> {
  await startJob(entry);
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

const published = (entry: EnverEntry) => world.product(entry, 'package');

describe('a package', () => {
  const entry = packageOf('events');
  beforeAll(() => world.add(entry));

  it('is built, packed and published once, and becomes the product', async () => {
    await jobAt(entry, 'one');
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
    await jobAt(entry, 'one');
    const { stdout, stderr } = await job.step('run');
    expect(stdout).toContain('token in scripts: []');
    expect(stdout + stderr).not.toContain(registry.token);
    expect(existsSync(join(job.folder, '.npmrc'))).toBe(false);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('odmd-package-'))).toEqual([]);
  });

  it('is a mistake when the version was published with other content', async () => {
    await jobAt(entry, 'two');
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
    await jobAt(entry, 'three', { version: '3.0.0' });
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

  it('is not taken for another one when the registry does not hand out what it has', async () => {
    await jobAt(entry, 'four', { version: '4.0.0' });
    expect((await job.step('run')).code).toBe(0);
    registry.lose('@coffee/events', '4.0.0');
    await jobAt(entry, 'five', { version: '4.0.0' });
    expect(await job.step('run')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ODMD591 .*: the registry did not say what @coffee\/events@4\.0\.0 is: /),
    });
  });

  it('has the name that its contract says, and is not private', async () => {
    await jobAt(entry, 'x', { name: '@coffee/other' });
    expect((await job.step('run')).stderr).toMatch(
      /ODMD590 events\/b\.\.main: the package is called @coffee\/other/,
    );
    write(entry, 'x', { private: true });
    expect((await job.step('run')).stderr).toMatch(/ODMD590 package @coffee\/events: the package is private/);
    job.write('package.json', '{}');
    expect((await job.step('run')).stderr).toMatch(/ODMD590 .*there is no package.json with a name/);
  });

  it('is not published by who has no right to', async () => {
    await jobAt(entry, 'x', { version: '9.0.0' });
    job.variables.NODE_AUTH_TOKEN = 'not-the-token';
    const result = await job.step('run');
    expect(result).toMatchObject({ code: 1, stderr: expect.stringMatching(/ODMD591 .*NODE_AUTH_TOKEN/s) });
    expect(result.stderr).not.toContain('not-the-token');
  });

  it('whose script fails is not published', async () => {
    await jobAt(entry, 'x', { version: '8.0.0', scripts: { build: 'exit 3' } });
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
    await jobAt(base, 'one');
    expect((await job.step('run')).code).toBe(0);
    await jobAt(copy, 'two', { version: '1.1.0' });
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
    products: [productOf('contracts/b..main', CONTRACTS_LIB_LATEST, contractsLibLatestSchema)],
  });
  beforeAll(() => world.add(lib));

  it('are published as a package before the platform hears of them, once', async () => {
    await startJob(lib);
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
    const sha = job.commit('index.js', 'package.json');
    await dispatch(lib, sha);
    const result = await job.step('publish');
    expect(result, result.stderr).toMatchObject({ code: 0 });
    expect((await registry.packument('@coffee/contracts')).versions).toHaveProperty('2.0.0');
    const latest = async () => (await world.product(lib, CONTRACTS_LIB_LATEST)).value;
    expect(await latest()).toMatchObject({ sha, version: '2.0.0' });

    const again = await job.step('publish');
    expect(again).toMatchObject({ code: 0, stderr: '' });

    job.write('index.js', 'export const contracts = 2;');
    const next = job.commit('index.js', 'package.json');
    await dispatch(lib, next);
    expect(await job.step('publish')).toMatchObject({ code: 1, stderr: expect.stringContaining('ODMD592') });
    expect(await latest()).toMatchObject({ sha });
  });
});
