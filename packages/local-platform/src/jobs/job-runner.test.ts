import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunRequest } from '@ondemandenv/control-plane';
import { LmdbKeyValue } from '@ondemandenv/control-plane/embedded';
import { MemoryKeyValue } from '@ondemandenv/control-plane/memory';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { processAlive } from '../guard/index.js';
import type { JobRunner } from './job-runner.js';
import { JobSandbox, logOf } from './jobs.test.fixture.js';
import { jobPaths } from './record.js';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const module = (name: string) => JSON.stringify(join(PACKAGE, 'dist', name, 'index.js'));

let sandbox: JobSandbox;
let store: MemoryKeyValue;
let sha: string;
const runners: JobRunner[] = [];
/** Waits for the file `go` beside the home, at most as long as the job may take. */
const WAITS = 'echo $$ >> ../../../../started; until [ -e ../../../../go ]; do sleep 0.02; done';

beforeEach(async () => {
  sandbox = new JobSandbox();
  store = new MemoryKeyValue();
  const work = await sandbox.work('coffee/shop');
  sha = await work.commit('waits', { 'run.sh': WAITS, 'publish.sh': 'touch ../../../../published' });
  await work.store('main');
});
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
  sandbox.remove();
});

function makeRunner(concurrency?: number): JobRunner {
  const runner = sandbox.runner(store, concurrency);
  runners.push(runner);
  return runner;
}

function request(dispatchId: string, enverId = dispatchId): RunRequest {
  const revision = { kind: 'branch', ref: 'main' } as const;
  const run = {
    dispatchId,
    enverId,
    repo: 'coffee/shop',
    revision,
    sha,
    reason: 'pushed',
    timeoutMinutes: 1,
  };
  return { ...run, purpose: 'deploy' };
}

const started = () => {
  const file = join(sandbox.root, 'started');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
};
const untilStarted = (jobs: number) => vi.waitFor(() => expect(started()).toHaveLength(jobs), 10_000);
const go = () => writeFileSync(join(sandbox.root, 'go'), '');
const states = (runner: JobRunner, ...ids: string[]) => ids.map((id) => runner.status(id)?.state);

describe('jobs', () => {
  test('run a few at once, in the order of the requests, one per enver', async () => {
    const runner = makeRunner(2);
    for (const id of ['a', 'b']) runner.start(request(id, 'shop/b..main'));
    for (const id of ['c', 'd']) runner.start(request(id));
    runner.start(request('a', 'shop/b..main'));
    await untilStarted(2);
    expect(states(runner, 'a', 'b', 'c', 'd')).toEqual(['running', 'queued', 'running', 'queued']);
    expect([runner.active(), runner.latest('shop/b..main'), runner.latest('none')]).toEqual([
      4,
      'b',
      undefined,
    ]);
    expect(runner.status('none')).toBeUndefined();
    go();
    for (const id of ['a', 'b', 'c', 'd'])
      expect(await sandbox.ended(runner, id)).toMatchObject({ conclusion: 'success' });
    expect(runner.active()).toBe(0);
    expect(sandbox.changes.filter((change) => change.startsWith('a '))).toEqual([
      'a queued',
      'a running',
      'a ended',
    ]);
    runner.start(request('a', 'shop/b..main'));
    expect(runner.active()).toBe(0);
  });

  test('end with the platform, and run again from the start after it started', async () => {
    const first = makeRunner(1);
    first.start(request('a'));
    first.start(request('b'));
    await untilStarted(1);
    await first.stop();
    expect(started().map(processAlive)).toEqual([false]);
    expect(states(first, 'a', 'b')).toEqual(['running', 'queued']);
    first.start(request('c'));

    const second = makeRunner(1);
    go();
    second.recover();
    for (const id of ['a', 'b', 'c'])
      expect(await sandbox.ended(second, id)).toMatchObject({ conclusion: 'success' });
    expect(started()).toHaveLength(4);
    expect(sandbox.changes.filter((change) => change.endsWith('running'))).toEqual(
      ['a', 'a', 'b', 'c'].map((id) => `${id} running`),
    );
    expect(logOf(second, 'a').match(/odmd-enver resolve/g)).toHaveLength(1);
  });

  test('leave nothing when their enver is forgotten', async () => {
    const runner = makeRunner(1);
    runner.start(request('a', 'clone'));
    runner.start(request('b', 'clone'));
    runner.start(request('c', 'other'));
    await untilStarted(1);
    await runner.forget('clone');
    expect(started().map(processAlive)).toEqual([false]);
    expect(states(runner, 'a', 'b')).toEqual([undefined, undefined]);
    expect([existsSync(runner.logFile('a')), existsSync(join(sandbox.root, 'published'))]).toEqual([
      false,
      false,
    ]);
    go();
    expect(await sandbox.ended(runner, 'c')).toMatchObject({ conclusion: 'success' });
    await runner.forget('other');
    await runner.forget('other');
    expect(store.range('local/jobs/')).toEqual([]);
  });

  test('that ended are kept up to a limit', async () => {
    const runner = makeRunner(1);
    go();
    sandbox.context = async () => Promise.reject(new Error('quick'));
    for (let at = 0; at < 23; at++) runner.start(request(`job${at}`, 'shop/b..main'));
    await sandbox.ended(runner, 'job22');
    await vi.waitFor(() => expect(store.range('local/jobs/')).toHaveLength(20));
    expect([runner.status('job2'), runner.latest('shop/b..main')]).toEqual([undefined, 'job22']);
    expect(existsSync(runner.logFile('job2'))).toBe(false);
  });

  test('go on when the end of one cannot be stored, which is told', async () => {
    const runner = makeRunner(1);
    runner.start(request('a'));
    runner.start(request('b'));
    vi.spyOn(store, 'transaction').mockImplementationOnce(() => {
      throw new Error('the disk is full');
    });
    go();
    expect(await sandbox.ended(runner, 'b')).toMatchObject({ conclusion: 'success' });
    expect(sandbox.log).toEqual([expect.stringMatching(/^job a: Error: the disk is full/)]);
  });

  test('leave read-only files nowhere, also when their enver is forgotten', async () => {
    const runner = makeRunner(1);
    const folder = jobPaths(sandbox.home, 'a').folder;
    runner.start(request('a', 'clone'));
    await untilStarted(1);
    const cache = join(folder, 'home', 'cache');
    mkdirSync(join(cache, 'package'), { recursive: true });
    for (const path of [join(cache, 'package'), cache]) chmodSync(path, 0o500);
    await runner.forget('clone');
    expect([existsSync(folder), store.range('local/jobs/'), sandbox.log]).toEqual([false, [], []]);
  });

  test('end when the platform is killed, and run again after it started', async () => {
    const folder = join(sandbox.root, 'store');
    const script = `
      import { GitRepos } from ${module('git')};
      import { JobRunner } from ${module('jobs')};
      import { LmdbKeyValue } from '@ondemandenv/control-plane/embedded';
      const [home, folder, request] = process.argv.slice(1);
      const runner = new JobRunner({
        repos: new GitRepos({ home }),
        store: new LmdbKeyValue(folder),
        concurrency: 1,
        jobContext: async () => ({ token: 't', platformUrl: 'http://127.0.0.1:1', workDir: '.' }),
        onChange: () => {},
        log: console.error,
      });
      runner.start(JSON.parse(request));`;
    const args = ['--input-type=module', '-e', script, sandbox.home, folder, JSON.stringify(request('a'))];
    const platform = spawn(process.execPath, args, { cwd: PACKAGE, stdio: ['ignore', 'inherit', 'inherit'] });
    try {
      await untilStarted(1);
    } finally {
      platform.kill('SIGKILL');
    }
    await vi.waitFor(() => expect(started().map(processAlive)).toEqual([false]), 10_000);

    const kept = new LmdbKeyValue(folder);
    const runner = sandbox.runner(kept);
    runners.push(runner);
    expect(states(runner, 'a')).toEqual(['running']);
    go();
    runner.recover();
    expect(await sandbox.ended(runner, 'a')).toMatchObject({ conclusion: 'success' });
    expect(started()).toHaveLength(2);
    await runner.stop();
    await kept.close();
  });
});
