import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { Bench } from './bench.js';
import { root, toolchain } from './toolchain.js';

/* The guide for a new org is run as it is written, block by block. */

const bench = new Bench('22080-22099', 'my/contracts');
const blocks = [
  ...readFileSync(join(root, 'docs/your-own-org.md'), 'utf8').matchAll(/```bash\n(.*?)```/gs),
].map(([, block = '']) => block);

afterAll(() => bench.dispose());

it('docs/your-own-org.md', async () => {
  const [tools, platform, ...rest] = blocks;
  // The first two blocks are for a terminal of one's own: the tools are there, and the bench starts the platform.
  expect(tools).toContain('scripts/pack-toolchain.mjs');
  expect(platform).toContain('odmd local start --contracts-repo my/contracts');
  await bench.start();
  const folder = join(bench.folder, 'my-org');
  mkdirSync(folder);
  const { stdout, stderr } = await promisify(execFile)('bash', ['-euc', rest.join('\n')], {
    cwd: folder,
    env: {
      ...process.env,
      ...bench.gitEnvironment,
      ODMD_HOME: bench.home,
      ODMD_TOOLCHAIN: toolchain,
      PATH: `${join(toolchain, 'node_modules/.bin')}:${process.env.PATH}`,
    },
  });
  expect(stdout).toMatch(/web\/b\.\.main +deployed/);
  expect(stderr).toContain('api/b..main-_b..idea deployed: at ');
  expect(stderr).toContain('api/b..main-_b..idea deleted');
}, 120_000);
