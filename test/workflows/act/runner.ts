import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { WorkflowFile } from '@ondemandenv/workflow-gen';
import { installAct } from './install.js';
import { startRegistry } from './registry.js';
import { type EndedRun, runWorkflow } from './run.js';

/** Writes down how it was called, and ends as the test wants this command to end. */
const STUB = `#!/usr/bin/env node
const { execFileSync } = require('node:child_process');
const { appendFileSync } = require('node:fs');
const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();
const [command] = process.argv.slice(2);
const call = { command, env: process.env, head: git('rev-parse', 'HEAD'), shallow: git('rev-parse', '--is-shallow-repository') };
appendFileSync(process.env.TEST_CALLS, JSON.stringify(call) + '\\n');
process.exit(JSON.parse(process.env.TEST_CODES)[command] ?? 0);
`;

/** One start of `odmd-enver` in a job. */
interface Call {
  readonly command: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The commit that is checked out where it runs. */
  readonly head: string;
  readonly shallow: string;
}

export interface Ended extends EndedRun {
  readonly calls: readonly Call[];
}

export interface Runner {
  /** Commits these files to a branch, each branch with a history of two commits of its own; gives the newest sha. */
  commit(branch: string, files?: Readonly<Record<string, string>>): string;
  /** Runs a workflow on a branch as a dispatch with these inputs would; `GITHUB_TOKEN` is what GitHub gives the job. */
  dispatch(
    file: WorkflowFile,
    branch: string,
    inputs: Readonly<Record<string, string>>,
    codes?: Readonly<Record<string, number>>,
    variables?: Readonly<Record<string, string>>,
  ): Promise<Ended>;
  close(): void;
}

/**
 * A repository, and a runner of GitHub's workflows that works on this machine without a network.
 *
 * @param program what is installed as `odmd-enver`; by default a stub that writes down how it was called
 * @param modules a folder of packages that every checkout finds installed
 */
export async function startRunner(
  files: readonly WorkflowFile[],
  program = STUB,
  modules?: string,
): Promise<Runner> {
  // What starts a runner may take the time of a download; what dispatches may not.
  installAct();
  const folder = mkdtempSync(join(tmpdir(), 'odmd-act-'));
  if (modules !== undefined) symlinkSync(modules, join(folder, 'node_modules'));
  const origin = join(folder, 'origin');
  mkdirSync(origin);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: origin, encoding: 'utf8' }).trim();
  git('init', '--quiet', '--initial-branch=start');
  git('config', 'user.name', 'test');
  git('config', 'user.email', 'test@example.com');
  git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  for (const { path, content } of files) put(join(origin, path), content);
  git('add', '--all');
  git('commit', '--quiet', '--message=workflows');
  const { url, server } = await startRegistry(folder, { 'odmd-enver': program, odmd: '#!/bin/sh\n' });
  let runs = 0;

  return {
    commit(branch, given = {}) {
      git('checkout', '--quiet', '--detach', 'start');
      for (const [name, text] of Object.entries({ ...given, branch })) put(join(origin, name), text);
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message=change');
      const sha = git('rev-parse', 'HEAD');
      // Not every ref that git allows can be made with `git branch`.
      git('update-ref', `refs/heads/${branch}`, sha);
      return sha;
    },
    dispatch(file, branch, inputs, codes = {}, { GITHUB_TOKEN = 'token-of-the-job', ...more } = {}) {
      runs += 1;
      const home = join(folder, `home-${runs}`);
      const record = join(folder, `calls-${runs}`);
      git('checkout', '--quiet', '--detach', `refs/heads/${branch}`);
      const variables = {
        TEST_ORIGIN: origin,
        TEST_CALLS: record,
        TEST_CODES: JSON.stringify(codes),
        npm_config_registry: url,
        npm_config_cache: join(folder, 'npm'),
        ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:9/?x=1',
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'proof-of-the-job',
        ...more,
      };
      const { path: workflow } = file;
      const dispatched = { workflow, inputs, variables, token: GITHUB_TOKEN, checkout: origin, home };
      return runWorkflow(dispatched).then((ended) => ({ ...ended, calls: callsIn(record) }));
    },
    close() {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function callsIn(file: string): Call[] {
  try {
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as Call);
  } catch {
    return [];
  }
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
