import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { PlatformStatus } from '@ondemandenv/local-platform';
import { LocalPlatformClient } from '@ondemandenv/local-platform/client';
import { toolchain } from './toolchain.js';

const GIT_ENV = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
};

/** A platform of its own in a folder of its own, used by `git push` and `odmd`, and killed at will. */
export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), 'odmd-test-'));
  readonly home = join(this.folder, 'home');
  private child: ChildProcess | undefined;
  private words = '';

  /** @param ports first and last port for services: no two benches may share any */
  constructor(
    private readonly ports: string,
    private readonly contractsRepo = 'o/contracts',
  ) {}

  /** Nothing of this machine's git configuration reaches a test. */
  readonly gitEnvironment = GIT_ENV;

  async start(...args: string[]): Promise<void> {
    const options = [
      '--contracts-repo',
      this.contractsRepo,
      '--toolchain',
      toolchain,
      '--service-ports',
      this.ports,
    ];
    const child = spawn(odmd, ['local', 'start', '--home', this.home, ...options, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.words += text;
    });
    const ready = new Promise<void>((resolve) => {
      createInterface(child.stdout).on('line', (line) => {
        if (line.startsWith('platform ready')) resolve();
      });
    });
    const ended = once(child, 'close').then(([code]) => {
      throw new Error(`the platform ended with ${code}: ${this.words}`);
    });
    ended.catch(() => undefined);
    await Promise.race([ready, ended]);
  }

  /** Ends the platform's process as the kernel would: without a chance to say goodbye. */
  async kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT' = 'SIGKILL'): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  }

  async dispose(): Promise<void> {
    await this.kill('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }

  client(): Promise<LocalPlatformClient> {
    return LocalPlatformClient.open(this.home);
  }

  /** What the platform complained about since its last start. */
  get complaints(): string {
    return this.words;
  }

  /** Writes files, commits and pushes. @returns what the push printed */
  async push(repo: string, files: Record<string, string>, message: string, branch = 'main'): Promise<string> {
    const copy = join(this.folder, 'copies', repo);
    const fresh = !(await tryRun('git', ['rev-parse', '--git-dir'], copy));
    if (fresh) {
      mkdirSync(copy, { recursive: true });
      await git(copy, 'init', '--quiet', '--initial-branch', 'main');
      await git(copy, 'remote', 'add', 'platform', join(this.home, 'git', `${repo}.git`));
    }
    const ref = `refs/heads/${branch}`;
    if (!(await tryRun('git', ['rev-parse', '--verify', '--quiet', ref], copy))) {
      if (!fresh) await git(copy, 'update-ref', ref, 'refs/heads/main');
    }
    await git(copy, 'symbolic-ref', 'HEAD', ref);
    if (!fresh && (await tryRun('git', ['rev-parse', '--verify', '--quiet', ref], copy)))
      await git(copy, 'reset', '--quiet', '--hard', ref);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      writeFileSync(join(copy, path), text);
    }
    await git(copy, 'add', '--all');
    await git(copy, 'commit', '--quiet', '--allow-empty', '--message', message);
    return git(copy, 'push', 'platform', `${ref}:${ref}`);
  }

  /** Waits until nothing is queued or running. */
  async settled(): Promise<PlatformStatus> {
    return (await this.client()).waitUntilIdle(120_000);
  }
}

const odmd = join(toolchain, 'node_modules', '.bin', 'odmd');

async function git(cwd: string, ...args: string[]): Promise<string> {
  const result = await run('git', args, cwd);
  if (result.code !== 0) throw new Error(`git ${args.join(' ')}: ${result.output}`);
  return result.output;
}

async function tryRun(command: string, args: readonly string[], cwd: string): Promise<boolean> {
  return (await run(command, args, cwd)).code === 0;
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env: { ...process.env, ...GIT_ENV } }, (error, stdout, stderr) => {
      resolve({ code: error ? 1 : 0, output: stdout + stderr });
    });
  });
}

/** A contractsLib in plain JavaScript: its job has nothing to compile. */
export function contractsPackage(body: string): Record<string, string> {
  return {
    'package.json': JSON.stringify({
      name: '@o/contracts',
      version: '1.0.0',
      type: 'module',
      main: 'index.js',
    }),
    'index.js': `
import { Build, Consumer, Contracts, ContractsLibEnver, Producer, Revision, ScriptEnver } from '@ondemandenv/contracts-base';
import { z } from 'zod';

export const contracts = new Contracts('o', {
  accounts: { w: { id: '111111111111' } },
  repos: { contracts: { owner: 'o', name: 'contracts' }, app: { owner: 'o', name: 'app' } },
});
const place = { revision: Revision.branch('main'), account: 'w', region: 'us-west-1' };
new ContractsLibEnver(new Build(contracts, 'contracts', { repo: 'contracts' }), place);
const script = (id, props = {}) => new ScriptEnver(new Build(contracts, id, { repo: 'app', workDir: id }), {
  ...place, deploy: ['node deploy.mjs'], destroy: ['odmd local service stop --all'], ...props,
});
${body}`,
  };
}
