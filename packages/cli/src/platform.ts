import { resolve } from 'node:path';
import type { LocalPlatformClient } from '@ondemandenv/local-platform/client';
import type { Command } from 'commander';
import type { Terminal } from './terminal.js';

export interface HomeOption {
  readonly home?: string;
}

/** Adds `--home`, which says which platform is meant. */
export function withHome(command: Command): Command {
  return command.option('--home <dir>', "the platform's folder (default: $ODMD_HOME, else .odmd-local)");
}

/** The folder of the platform that is meant, absolute. */
export function homeFolder(terminal: Terminal, { home }: HomeOption): string {
  return resolve(terminal.cwd, home ?? (terminal.env.ODMD_HOME || '.odmd-local'));
}

/** The platform that runs in that folder. */
export async function openPlatform(terminal: Terminal, options: HomeOption): Promise<LocalPlatformClient> {
  const { LocalPlatformClient } = await import('@ondemandenv/local-platform/client');
  return LocalPlatformClient.open(homeFolder(terminal, options));
}
