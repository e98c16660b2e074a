import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { LocalPlatformClient } from '@ondemandenv/local-platform/client';
import type { Command } from 'commander';
import type { Terminal } from './terminal.js';

const HOME = '.odmd-local';

export interface HomeOption {
  readonly home?: string;
}

/** Adds `--home`, which says which platform is meant. */
export function withHome(command: Command): Command {
  return command.option(
    '--home <dir>',
    "the platform's folder (default: $ODMD_HOME, else .odmd-local here or in a folder above)",
  );
}

/** The folder of the platform that is meant, absolute. */
export function homeFolder(terminal: Terminal, { home }: HomeOption): string {
  const named = home ?? terminal.env.ODMD_HOME;
  return named ? resolve(terminal.cwd, named) : nearestHome(terminal.cwd);
}

/** `.odmd-local` in this folder or the nearest above that has one; in this one when none has. */
function nearestHome(cwd: string): string {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (existsSync(join(folder, HOME))) return join(folder, HOME);
    if (folder === dirname(folder)) return resolve(cwd, HOME);
  }
}

/** The platform that runs in that folder. */
export async function openPlatform(terminal: Terminal, options: HomeOption): Promise<LocalPlatformClient> {
  const { LocalPlatformClient } = await import('@ondemandenv/local-platform/client');
  return LocalPlatformClient.open(homeFolder(terminal, options));
}
