import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  CONTRACTS_LIB_LATEST,
  contractsLibLatestSchema,
  manifestDigest,
  readManifest,
  toJsonSchema,
  writeManifest,
} from '@ondemandenv/contracts-base';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { entry, product } from './testing/entries.js';
import { TestJob } from './testing/job.js';

// Every step is a process of its own; a busy machine takes its time to start them.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const run = promisify(execFile);
let job: TestJob;
let sha: string;

const manifest = writeManifest({ schemaVersion: 1, org: 'coffee', accounts: {}, repos: {}, envers: {} });
const latest = product(CONTRACTS_LIB_LATEST, schemaOf(contractsLibLatestSchema));

beforeEach(async () => {
  job = await TestJob.start(entry({ kind: 'contractsLib', products: [latest] }));
  const scripts = { build: 'echo built > built.txt', test: 'test -f built.txt' };
  await writeFile(join(job.folder, 'package.json'), JSON.stringify({ version: '1.2.3', scripts }));
  await commit('first');
  sha = await commit('second');
  await fakeOdmd();
  job.dispatch('d1', sha);
});
afterEach(() => job.close());

it('builds, tests, synthesises and publishes the manifest under the commit', async () => {
  expect(await job.step('resolve')).toMatchObject({ code: 0 });
  const built = await job.step('run');
  expect(built.stderr).toContain('$ odmd synth --app . --out .odmd\n');
  expect(built).toMatchObject({ code: 0 });
  expect(await job.step('publish')).toMatchObject({ code: 0, stderr: '' });

  expect(job.server.manifests.get(sha)).toBe(manifest);
  expect(job.server.newest(latest.path)).toEqual({
    sha,
    digest: manifestDigest(readManifest(manifest)),
    version: '1.2.3',
    serial: 2,
  });
});

it('publishes nothing without a manifest or from another commit', async () => {
  expect((await job.step('publish')).stderr).toContain('ODMD540 .odmd/manifest.json: cannot be read');
  await job.step('resolve');
  await job.step('run');
  await commit('third');
  const moved = await job.step('publish');
  expect(moved).toMatchObject({ code: 1 });
  expect(moved.stderr).toContain(`the dispatched one is ${sha}`);
  expect(job.server.writes()).toEqual([]);
  expect(job.server.manifests.size).toBe(0);
});

it('makes its own product itself', async () => {
  await job.step('resolve');
  await job.step('run');
  await job.output('contractsLibLatest={"sha": "mine"}\n');
  expect((await job.step('publish')).stderr).toContain('contractsLibLatest is made by `publish`');
});

it('stops where a script of the package fails', async () => {
  await writeFile(join(job.folder, 'package.json'), '{"version": "1.0.0", "scripts": {"test": "exit 4"}}');
  await job.step('resolve');
  const result = await job.step('run');
  expect(result).toMatchObject({ code: 4 });
  expect(result.stderr).toContain('ODMD520 npm test --if-present: the command ended with exit code 4');
});

/** An `odmd` on the PATH that writes the manifest where it is told to. */
async function fakeOdmd(): Promise<void> {
  const bin = join(job.folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'manifest.json'), manifest);
  const script =
    '#!/bin/sh\n[ "$1 $2 $3 $4" = "synth --app . --out" ] && mkdir -p "$5" && cp bin/manifest.json "$5"\n';
  await writeFile(join(bin, 'odmd'), script);
  await chmod(join(bin, 'odmd'), 0o755);
  job.variables.PATH = `${bin}:${job.variables.PATH}`;
}

async function commit(message: string): Promise<string> {
  const git = async (...args: string[]) => (await run('git', args, { cwd: job.folder })).stdout.trim();
  await git('init', '--quiet');
  await git('add', 'package.json');
  const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
  await git(...author, 'commit', '--quiet', '--allow-empty', '-m', message);
  return git('rev-parse', 'HEAD');
}

function schemaOf(type: Parameters<typeof toJsonSchema>[0]) {
  const result = toJsonSchema(type);
  if ('problems' in result) throw new Error(result.problems.join());
  return result.schema;
}
