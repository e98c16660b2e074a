import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
/** A folder in which the packages are installed as published ones. */
export const toolchain = join(root, '.toolchain');

/** Packs the packages before the first test; does nothing when they did not change. */
export default function setup(): void {
  execFileSync(process.execPath, [join(root, 'scripts/pack-toolchain.mjs')], { stdio: 'inherit' });
}
