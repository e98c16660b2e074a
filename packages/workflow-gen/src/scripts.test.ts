import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CHECK_COMMIT, enverScript, INSTALL_DEPENDENCIES, installToolchain, SAY_LATER } from './scripts.js';

/** Programs that write down how they were called. */
const STUB = `#!/bin/sh
echo "$(basename "$0") $* token=\${ACTIONS_ID_TOKEN_REQUEST_TOKEN:-none}" >> "$CALLS"
exit "\${STUB_CODE:-0}"
`;

/** Runs a script as a runner does, in a folder of its own. */
function runs(script: string, options: { files?: string[]; env?: Record<string, string> } = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'odmd-script-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  for (const name of ['npm', 'npx', 'odmd-enver', 'git']) {
    writeFileSync(join(cwd, name), STUB);
    chmodSync(join(cwd, name), 0o755);
  }
  for (const name of options.files ?? []) writeFileSync(join(cwd, name), '');
  writeFileSync(join(cwd, 'script.sh'), script);
  const file = (name: string) => join(cwd, name);
  const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', 'script.sh'], {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: `${cwd}:${process.env.PATH}`,
      CALLS: file('calls'),
      RUNNER_TEMP: cwd,
      GITHUB_OUTPUT: file('output'),
      GITHUB_PATH: file('path'),
      GITHUB_STEP_SUMMARY: file('summary'),
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
      ...options.env,
    },
  });
  const read = (name: string) => {
    try {
      return readFileSync(file(name), 'utf8');
    } catch {
      return '';
    }
  };
  return {
    status,
    stdout,
    calls: read('calls'),
    output: read('output'),
    path: read('path'),
    summary: read('summary'),
  };
}

describe('a step of odmd-enver', () => {
  it('ends as the command ended', () => {
    expect(runs(enverScript('resolve'))).toMatchObject({ status: 0, output: '' });
    expect(runs(enverScript('run'), { env: { STUB_CODE: '3' } })).toMatchObject({ status: 3, output: '' });
  });

  it('ends well on 75, and says that what follows is for later', () => {
    const { status, output, calls } = runs(enverScript('publish'), { env: { STUB_CODE: '75' } });
    expect({ status, output }).toEqual({ status: 0, output: 'later=true\n' });
    expect(calls).toMatch(/^odmd-enver publish /);
  });

  it('has words for it on the page of the run', () => {
    expect(runs(SAY_LATER).summary).toMatch(/^### Superseded or waiting\n/);
  });
});

describe('the dependencies', () => {
  it.each([
    [['package-lock.json', 'package.json'], /^npm ci token=none\n$/],
    [['npm-shrinkwrap.json'], /^npm ci token=none\n$/],
    [
      ['pnpm-lock.yaml', 'package.json'],
      /^npx --yes pnpm@\d+\.\d+\.\d+ install --frozen-lockfile token=none\n$/,
    ],
    [['package.json'], /^$/],
    [[], /^$/],
  ])('with %j at the root', (files, calls) => {
    const ended = runs(INSTALL_DEPENDENCIES, { files });
    expect(ended.status).toBe(0);
    expect(ended.calls).toMatch(calls);
  });

  it('fail the job when they cannot be installed', () => {
    expect(runs(INSTALL_DEPENDENCIES, { files: ['package-lock.json'], env: { STUB_CODE: '1' } }).status).toBe(
      1,
    );
  });
});

it('the toolchain comes first on the PATH', () => {
  const { status, calls, path } = runs(installToolchain(['enver-runtime', 'cli']));
  expect(status).toBe(0);
  expect(calls).toMatch(/@ondemandenv\/enver-runtime@\d+\.\d+\.\d+ @ondemandenv\/cli@\d+\.\d+\.\d+ /);
  expect(path).toMatch(/\/odmd\/node_modules\/\.bin\n$/);
});

describe('the commit that is checked out', () => {
  const git = `git() { echo 0123456789012345678901234567890123456789; }\n`;

  it.each([
    ['0123456789012345678901234567890123456789', 0],
    ['01234567', 1],
    ['main', 1],
    ['$(true)', 1],
    ['', 1],
  ])('has to be %j', (sha, status) => {
    const ended = runs(git + CHECK_COMMIT, { env: { ODMD_SHA: sha } });
    expect(ended.status).toBe(status);
    expect(ended.stdout.startsWith('::error::')).toBe(status === 1);
  });
});
