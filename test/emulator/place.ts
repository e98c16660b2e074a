import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository, also for a copy of this file that was bundled into another folder of it. */
export const root = rootAbove(dirname(fileURLToPath(import.meta.url)));
/** This folder. */
export const here = join(root, 'test/emulator');

function rootAbove(folder: string): string {
  return existsSync(join(folder, 'pnpm-workspace.yaml')) ? folder : rootAbove(dirname(folder));
}
