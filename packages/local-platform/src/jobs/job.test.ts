import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OdmdError } from '@ondemandenv/contracts-base';
import type { RunRequest } from '@ondemandenv/control-plane';
import { MemoryKeyValue } from '@ondemandenv/control-plane/memory';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Work } from '../git/sandbox.test.fixture.js';
import { processAlive } from '../guard/index.js';
import type { JobRunner } from './job-runner.js';
import { JobSandbox, logOf } from './jobs.test.fixture.js';

const sandbox = new JobSandbox();
const defaultContext = sandbox.context;
let runner: JobRunner;
let work: Work;
let count = 0;

beforeAll(async () => {
  work = await sandbox.work('coffee/shop');
  runner = sandbox.runner(new MemoryKeyValue());
});
beforeEach(() => {
  sandbox.context = defaultContext;
});
afterAll(async () => {
  await runner.stop();
  sandbox.remove();
});

/** Runs a job on a commit with these files; the commit replaces the one before. */
async function run(files: Record<string, string>, change: Partial<RunRequest> = {}) {
  count += 1;
  await work.git('checkout', '--quiet', '--orphan', `case${count}`);
  await work.git('rm', '-rqf', '--ignore-unmatch', '.');
  const sha = await work.commit('case', files);
  await work.store(`HEAD:refs/heads/case${count}`);
  const request: RunRequest = {
    dispatchId: `shop/b..main#${count} 功能 $(id)`,
    repo: 'coffee/shop',
    revision: { kind: 'branch', ref: `case${count}` },
    sha,
    enverId: 'shop/b..main',
    purpose: 'deploy',
    reason: 'pushed',
    timeoutMinutes: 1,
    ...change,
  };
  runner.start(request);
  const { conclusion, reason } = await sandbox.ended(runner, request.dispatchId);
  return { conclusion, reason, log: logOf(runner, request.dispatchId), sha };
}

describe('a job', () => {
  test('runs the steps of a deployment one after the other, and leaves no folder', async () => {
    const { conclusion, log, sha } = await run({});
    expect(conclusion).toBe('success');
    expect(log.split('\n')).toEqual([
      `# deploy shop/b..main from coffee/shop@${sha}`,
      ...['resolve', 'run', 'publish'].flatMap((step) => [`$ odmd-enver ${step}`, `${step} of shop/b..main`]),
      '',
    ]);
    expect(readdirSync(join(sandbox.home, 'jobs'))).toEqual([]);
  });

  test('runs the one step of a teardown', async () => {
    const { conclusion, log } = await run({ 'run.sh': 'exit 1' }, { purpose: 'destroy' });
    expect(conclusion).toBe('success');
    expect(log).toContain('$ odmd-enver destroy\ndestroy of shop/b..main\n');
  });

  test('has an environment of its own, the same for every step', async () => {
    vi.stubEnv('SECRET_OF_THE_PLATFORM', 'x');
    vi.stubEnv('GIT_DIR', '/nowhere');
    const saves = `env -0 > '${sandbox.root.replaceAll("'", "'\\''")}'/env; pwd; echo a=b >> "$ODMD_OUTPUT"`;
    sandbox.context = async () => ({ ...(await defaultContext({} as RunRequest)), workDir: './deep/er' });
    const { conclusion, log, reason } = await run({
      'deep/er/run.sh': `${saves}; touch "$HOME/x" "$TMPDIR/y"; git rev-list --count HEAD`,
      'deep/er/publish.sh': 'cat "$ODMD_OUTPUT"; id >/dev/null; node --version',
      'hooks/post-checkout': '#!/bin/sh\necho must not run > pwned',
      'deep/er/resolve.sh': 'test ! -e ../../pwned',
    });
    vi.unstubAllEnvs();
    expect([conclusion, reason]).toEqual(['success', 'deploy succeeded']);
    const env = Object.fromEntries(
      readFileSync(join(sandbox.root, 'env'), 'utf8')
        .split('\0')
        .map((pair) => pair.split(/=(.*)/s, 2) as [string, string]),
    );
    const folder = join(env.HOME ?? '', '..');
    // What any shell adds by itself.
    for (const name of ['PWD', 'OLDPWD', 'SHLVL', '_', '']) delete env[name];
    expect(env).toEqual({
      PATH: expect.stringMatching(`^${join(sandbox.home, 'node_modules/.bin')}:`),
      HOME: join(folder, 'home'),
      TMPDIR: join(folder, 'tmp'),
      LANG: 'C.UTF-8',
      CI: 'true',
      ODMD_ENVER: 'shop/b..main',
      ODMD_DISPATCH: `shop/b..main#${count} 功能 $(id)`,
      ODMD_PLATFORM_URL: 'http://127.0.0.1:1',
      ODMD_JOB_TOKEN: 'the-token',
      ODMD_OUTPUT: join(folder, 'output'),
    });
    expect(folder.startsWith(join(sandbox.home, 'jobs/'))).toBe(true);
    expect(log).toContain(
      `${join(folder, 'src/deep/er')}\n1\n$ odmd-enver publish\npublish of shop/b..main\na=b\nv`,
    );
  });

  test('fails with the last words of the step', async () => {
    const colours = `printf 'one\\n\\033[31mno such menu: 功能\\033[0m\\n\\n' >&2; exit 3`;
    const { conclusion, reason, log } = await run({ 'run.sh': colours });
    expect(conclusion).toBe('failure');
    expect(reason).toBe('step `odmd-enver run` exited with 3: no such menu: 功能');
    expect(log).not.toContain('publish');
  });

  test('fails when a step is killed', async () => {
    const killed = await run({ 'resolve.sh': 'kill -KILL $$' });
    expect(killed).toMatchObject({
      conclusion: 'failure',
      reason: 'step `odmd-enver resolve` was ended by SIGKILL: resolve of shop/b..main',
    });
  });

  test('is superseded when a step exits with 75', async () => {
    expect(await run({ 'resolve.sh': 'echo superseded by x; exit 75' })).toMatchObject({
      conclusion: 'superseded',
      reason: 'step `odmd-enver resolve` stopped: superseded by x',
    });
  });

  test('is ended with all its processes when it takes too long', async () => {
    const { conclusion, reason, log } = await run(
      { 'run.sh': 'sleep 600 & echo $$ $!; wait' },
      { timeoutMinutes: 0.02 },
    );
    const pids = /^(\d+) (\d+)$/m.exec(log)?.slice(1).map(Number) ?? [];
    expect(pids).toHaveLength(2);
    expect(pids.map(processAlive)).toEqual([false, false]);
    expect(conclusion).toBe('timed-out');
    expect(reason).toMatch(
      /^step `odmd-enver run` was ended: the job took longer than its limit of 0.02 minutes:/,
    );
  });

  test('fails when its source is not there', async () => {
    const sha = '0123456789abcdef0123456789abcdef01234567';
    expect(await run({}, { sha })).toMatchObject({
      conclusion: 'failure',
      reason: `ODMD622 coffee/shop: commit ${sha} is not in the repository`,
      log: expect.stringContaining('fix: push it again'),
    });
    expect(await run({}, { repo: 'coffee/none' })).toMatchObject({ conclusion: 'failure' });
    for (const workDir of ['missing', '..', '/etc', 'file']) {
      sandbox.context = async () => ({ ...(await defaultContext({} as RunRequest)), workDir });
      const { conclusion, reason } = await run({ file: '' });
      expect([workDir, conclusion, reason]).toEqual([workDir, 'failure', expect.stringContaining('ODMD631')]);
    }
  });

  test('fails or is lost when its context is not to be had', async () => {
    sandbox.context = async () => {
      throw new OdmdError('ODMD699', 'not in the contracts');
    };
    expect(await run({})).toMatchObject({ conclusion: 'failure', reason: 'ODMD699 not in the contracts' });
    sandbox.context = async () => {
      throw new Error('no memory');
    };
    expect(await run({})).toMatchObject({ conclusion: 'lost', reason: 'no memory' });
    expect(existsSync(join(sandbox.home, 'jobs')) && readdirSync(join(sandbox.home, 'jobs'))).toEqual([]);
  });
});
