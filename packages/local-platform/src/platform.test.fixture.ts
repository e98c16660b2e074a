import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  Build,
  Consumer,
  Contracts,
  ContractsLibEnver,
  Producer,
  Revision,
  ScriptEnver,
  writeManifest,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { LocalPlatform, LocalPlatformOptions } from './index.js';
import { startLocalPlatform } from './index.js';

const run = promisify(execFile);
const RUNTIME = fileURLToPath(new URL('../../enver-runtime', import.meta.url));
/** `odmd` belongs to a package above this one: what is under test here is how its output travels. */
const ODMD = `#!/bin/sh
if [ -f violations ]; then cat violations; exit 1; fi
mkdir -p .odmd && cp manifest.json .odmd/manifest.json
`;

/** A world of one test: a home, a toolchain with the real \`odmd-enver\`, working copies. */
export class Sandbox {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'odmd platform ')));
  readonly home = join(this.base, 'home');
  readonly log: string[] = [];
  private readonly started: LocalPlatform[] = [];

  constructor(private readonly ports: { from: number; to: number }) {
    const bin = join(this.base, 'node_modules', '.bin');
    mkdirSync(join(this.base, 'node_modules', '@ondemandenv'), { recursive: true });
    symlinkSync(RUNTIME, join(this.base, 'node_modules', '@ondemandenv', 'enver-runtime'));
    this.write(bin, { odmd: ODMD, 'odmd-enver': `#!/bin/sh\nexec node '${RUNTIME}/dist/main.js' "$@"\n` });
    for (const tool of ['odmd', 'odmd-enver']) chmodSync(join(bin, tool), 0o755);
  }

  get options(): LocalPlatformOptions {
    return {
      home: this.home,
      contracts: { repo: { owner: 'o', name: 'contracts' }, build: 'contracts', branch: 'main' },
      port: 0,
      servicePorts: this.ports,
      toolchain: this.base,
      jobs: 2,
      log: (line) => this.log.push(line),
      searchPath: process.env.PATH ?? '',
    };
  }

  async start(options: Partial<LocalPlatformOptions> = {}): Promise<LocalPlatform> {
    const platform = await startLocalPlatform({ ...this.options, ...options });
    this.started.push(platform);
    return platform;
  }

  async close(): Promise<void> {
    await Promise.all(this.started.map((platform) => platform.stop()));
    rmSync(this.base, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Commits files to a branch of `o/<repo>` and pushes it; gives what the pusher sees of the platform. */
  async push(
    repo: string,
    files: Record<string, string>,
    message = 'change',
    branch = 'main',
  ): Promise<string[]> {
    const folder = join(this.base, 'work', repo);
    mkdirSync(folder, { recursive: true });
    await this.git(folder, 'init', '--quiet', '--initial-branch=main');
    const { stdout: known } = await this.git(folder, 'branch', '--list', branch);
    if (branch !== 'main')
      await this.git(folder, 'checkout', '--quiet', ...(known === '' ? ['-b'] : []), branch);
    this.write(folder, files);
    await this.git(folder, 'add', '--all');
    await this.git(folder, 'commit', '--quiet', '--allow-empty', '-m', message);
    const { stderr } = await this.git(folder, 'push', join(this.home, 'git', 'o', `${repo}.git`), branch);
    if (branch !== 'main') await this.git(folder, 'checkout', '--quiet', 'main');
    return stderr
      .split('\n')
      .flatMap((line) => (line.startsWith('remote: ') ? [line.slice(8).trimEnd()] : []));
  }

  private write(folder: string, files: Record<string, string>): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
  }

  private git(cwd: string, ...args: string[]) {
    const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
    const env = { PATH: process.env.PATH, HOME: this.base, GIT_CONFIG_NOSYSTEM: '1' };
    return run('git', [...who, ...args], { cwd, env });
  }
}

/** A contractsLib's files: foundation produces the menu, and the shop, which consumes it, runs a service. */
export function contractsFiles(): Record<string, string> {
  const all = new Contracts('coffee', {
    accounts: { central: { id: '111111111111', central: true }, work: { id: '222222222222' } },
    repos: { contracts: { owner: 'o', name: 'contracts' }, shop: { owner: 'o', name: 'shop' } },
  });
  const at = { revision: Revision.branch('main'), account: 'work', region: 'us-west-1' };
  new ContractsLibEnver(new Build(all, 'contracts', { repo: 'contracts' }), at);
  const base = new Build(all, 'foundation', { repo: 'shop', workDir: 'foundation' });
  const foundation = new ScriptEnver(base, { ...at, deploy: ['echo "menu=$(cat menu)" >> "$ODMD_OUTPUT"'] });
  const menu = new Producer(foundation, 'menu', { schema: z.string() });
  const build = new Build(all, 'shop', { repo: 'shop', workDir: 'shop' });
  const shop = new ScriptEnver(build, { ...at, deploy: ['node deploy.mjs'] });
  new Consumer(shop, 'menu', menu);
  new Producer(shop, 'url', { schema: z.string() });
  const result = all.synth();
  if (!result.ok) throw new Error('the contracts of this test are broken');
  return {
    'package.json': JSON.stringify({ name: 'contracts', version: '1.0.0' }),
    'manifest.json': writeManifest(result.manifest),
  };
}

export const SHOP_FILES: Record<string, string> = {
  'foundation/menu': 'latte\n',
  'shop/deploy.mjs': `
    import { appendFileSync } from 'node:fs';
    const { ODMD_PLATFORM_URL, ODMD_JOB_TOKEN, ODMD_OUTPUT, ODMD_INPUT_MENU } = process.env;
    const response = await fetch(ODMD_PLATFORM_URL + '/runtime/services', {
      method: 'POST',
      headers: { authorization: 'Bearer ' + ODMD_JOB_TOKEN },
      body: JSON.stringify({
        name: 'web', cwd: process.cwd(), command: ['node', 'server.mjs'], env: { MENU: ODMD_INPUT_MENU }, health: '/',
      }),
    });
    const answer = await response.json();
    if (!response.ok) { console.error(answer.message); process.exit(1); }
    appendFileSync(ODMD_OUTPUT, 'url=' + answer.url + '\\n');`,
  'shop/server.mjs': `
    import { createServer } from 'node:http';
    createServer((_, response) => response.end(process.env.ODMD_ENVER + ' serves ' + process.env.MENU))
      .listen(process.env.PORT, '127.0.0.1');`,
};
