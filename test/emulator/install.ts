import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { here, root } from './place.js';

const requirements = join(here, 'requirements.txt');

/**
 * The Python that has the emulator. The first call on a machine installs it from PyPI into a folder that git ignores,
 * every package compared with the hash written down; other requirements get another folder.
 */
export function installEmulator(): string {
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const installed = join(root, 'node_modules/.cache/odmd-emulator', version);
  if (!existsSync(installed)) install(installed);
  return join(installed, 'bin/python');
}

/** Into a folder of its own that gets its name once it is complete: tests run side by side. */
function install(installed: string): void {
  mkdirSync(dirname(installed), { recursive: true });
  const folder = mkdtempSync(`${installed}-`);
  try {
    makeEnvironment(folder);
    const pip = ['-m', 'pip', '--disable-pip-version-check', 'install', '--quiet', '--require-hashes'];
    run(join(folder, 'bin/python'), ...pip, '--only-binary=:all:', '-r', requirements);
    renameSync(folder, installed);
  } catch (error) {
    if (!existsSync(installed)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeEnvironment(folder: string): void {
  try {
    run('python3', '-c', 'import ensurepip, venv');
  } catch (cause) {
    throw new Error(
      'the AWS emulator of the tests needs Python 3.10 or later with venv (on Debian: apt-get install python3-venv)',
      { cause },
    );
  }
  run('python3', '-m', 'venv', folder);
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
