/** Sizes of the functions' bundles, how long each takes to be imported, and how long the platform takes to be synthesised. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../load.mjs';

const functions = join(root, 'lambdas/dist/functions');
const STARTS = 5;
const MB = 1024 * 1024;

export function bundles() {
  const figures = readdirSync(functions).flatMap((name) => {
    const file = join(functions, name, 'index.mjs');
    const size = statSync(file).size / MB;
    const target = name === 'provisioner' ? 5 : 1;
    return [
      { name: `${name}: bundle`, value: size, unit: 'MB', target, met: size <= target },
      { name: `${name}: import`, value: importMs(file), unit: 'ms' },
    ];
  });
  return [...figures, { name: 'synth of the example org’s platform', value: synthMs(), unit: 'ms' }];
}

/** Without the environment that it is deployed with a function stops at once, after its imports. */
function importMs(file) {
  const code = `const start = performance.now();
    await import(${JSON.stringify(pathToFileURL(file).href)}).catch(() => {});
    console.log(performance.now() - start);`;
  const times = Array.from({ length: STARTS }, () => {
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
    return Number(stdout);
  });
  return Math.min(...times);
}

function synthMs() {
  const out = mkdtempSync(join(tmpdir(), 'odmd-synth-'));
  try {
    const run = (...args) => {
      const start = performance.now();
      const { status, stderr } = spawnSync(process.execPath, args, {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, CDK_VALIDATION: 'false' },
      });
      if (status !== 0) throw new Error(stderr);
      return performance.now() - start;
    };
    run('packages/cli/dist/main.js', 'synth', '--app', 'examples/coffee-shop/contracts', '--out', out);
    const context = ['-c', `manifest=${join(out, 'manifest.json')}`];
    return run(
      'node_modules/aws-cdk/bin/cdk',
      'synth',
      '--quiet',
      '--no-notices',
      ...context,
      '--output',
      join(out, 'cdk.out'),
    );
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
