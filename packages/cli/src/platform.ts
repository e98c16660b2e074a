import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { LocalPlatformClient } from '@ondemandenv/local-platform/client';
import { type Command, Option } from 'commander';
import type { PlatformClient } from './platform-client.js';
import type { Terminal } from './terminal.js';

const HOME = '.odmd-local';

export interface HomeOption {
  readonly home?: string;
}

export interface PlatformOption extends HomeOption {
  readonly platform?: string;
}

/** Adds `--home`, which says which platform on this machine is meant. */
export function withHome(command: Command): Command {
  return command.option(
    '--home <dir>',
    "the platform's folder (default: $ODMD_HOME, else .odmd-local here or in a folder above)",
  );
}

/** Adds `--platform` and `--home`, which say which platform is meant. */
export function withPlatform(command: Command): Command {
  const platform = new Option(
    '--platform <url>',
    'address of a platform on AWS (default: $ODMD_PLATFORM, else the one on this machine)',
  );
  return withHome(command.addOption(platform.conflicts('home')));
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

/** The address of the platform on AWS that is meant, if it is one. */
export function cloudAddress(terminal: Terminal, { platform, home }: PlatformOption): string | undefined {
  return platform ?? (home === undefined ? terminal.env.ODMD_PLATFORM || undefined : undefined);
}

/** The platform that is meant. */
export async function openPlatform(terminal: Terminal, options: PlatformOption): Promise<PlatformClient> {
  const address = cloudAddress(terminal, options);
  if (address !== undefined) {
    const { CloudClient } = await import('./cloud/cloud-client.js');
    return CloudClient.open(address, terminal.env);
  }
  const { LocalClient } = await import('./local-client.js');
  return new LocalClient(await openLocal(terminal, options));
}

/** The platform that runs in a folder of this machine. */
export async function openLocal(terminal: Terminal, options: HomeOption): Promise<LocalPlatformClient> {
  const { LocalPlatformClient } = await import('@ondemandenv/local-platform/client');
  return LocalPlatformClient.open(homeFolder(terminal, options));
}
