import { existsSync } from 'node:fs';
import { mkdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OdmdError } from '@ondemandenv/contracts-base';
import type { Connection } from './api-types.js';

const CONNECTION = 'platform.json';
/** What the steps of jobs, and the scripts in them, call. */
const JOB_COMMANDS = ['odmd', 'odmd-enver'];

/**
 * Makes the folders of a platform, and lets jobs and services find the toolchain's packages.
 * @throws OdmdError ODMD605 the folder cannot be used · ODMD602 the toolchain is not installed
 */
export async function prepareHome(home: string, toolchain: string): Promise<void> {
  const modules = join(toolchain, 'node_modules');
  const missing = JOB_COMMANDS.filter((command) => !existsSync(join(modules, '.bin', command)));
  if (missing.length > 0)
    throw new OdmdError(
      'ODMD602',
      `jobs would not find ${missing.map((one) => `\`${one}\``).join(' and ')}`,
      {
        where: modules,
        fix: 'install @ondemandenv/cli and @ondemandenv/enver-runtime there, or name another folder with --toolchain',
      },
    );
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    for (const folder of ['git', 'jobs', 'logs', 'services', 'service-home', 'store'])
      await mkdir(join(home, folder), { recursive: true });
    await link(join(home, 'node_modules'), join(toolchain, 'node_modules'));
  } catch (cause) {
    throw new OdmdError(
      'ODMD605',
      `the folder cannot be used: ${cause instanceof Error ? cause.message : cause}`,
      {
        where: home,
        fix: 'choose a folder of your own with --home',
        cause,
      },
    );
  }
}

/** Tells the tools of this user how to speak to the platform; nobody else can read it. */
export async function writeConnection(home: string, connection: Connection): Promise<void> {
  const temporary = join(home, `${CONNECTION}.${connection.pid}`);
  await rm(temporary, { force: true });
  await writeFile(temporary, `${JSON.stringify(connection)}\n`, { mode: 0o600 });
  await rename(temporary, join(home, CONNECTION));
}

/** How to speak to the platform of a home; `undefined` when none was started there. */
export async function readConnection(home: string): Promise<Connection | undefined> {
  try {
    const { url, token, pid } = JSON.parse(await readFile(join(home, CONNECTION), 'utf8'));
    return { url: String(url), token: String(token), pid: Number(pid) };
  } catch {
    return undefined;
  }
}

/** Takes the connection back, unless another platform has written its own by now. */
export async function removeConnection(home: string, token: string): Promise<void> {
  if ((await readConnection(home))?.token === token) await rm(join(home, CONNECTION), { force: true });
}

async function link(path: string, target: string): Promise<void> {
  // The toolchain may be the home itself.
  if (resolve(path) === resolve(target) || (await readlink(path).catch(() => '')) === target) return;
  const temporary = `${path}.new`;
  await rm(temporary, { force: true });
  await symlink(target, temporary);
  await rename(temporary, path);
}
