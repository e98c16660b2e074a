import { mkdirSync, openSync, statSync, truncateSync } from 'node:fs';
import { cp, mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OdmdError, sha256 } from '@ondemandenv/contracts-base';
import { INPUTS_FILE } from '@ondemandenv/enver-runtime';
import { removeFiles } from '../remove-files.js';
import { type ServiceId, serviceKey, whereOf } from './service-records.js';

/** One release: a generation of a service. */
export type ReleaseId = ServiceId & { readonly generation: number };

/** Git data, and the values of everything that the enver consumes: a service has those that its start gives it. */
const NOT_COPIED: ReadonlySet<string> = new Set(['.git', INPUTS_FILE]);
const MAX_LOG_BYTES = 8 * 1024 * 1024;

/**
 * The files of services: `services/<hash of the service>/<generation>/` is a copy of what a job built,
 * `<generation>.log` beside it is what the process prints.
 */
export class ServiceFiles {
  private readonly root: string;

  constructor(home: string) {
    this.root = join(home, 'services');
  }

  release(id: ReleaseId): string {
    return join(this.root, folderName(id), String(id.generation));
  }

  log(id: ReleaseId): string {
    return `${this.release(id)}.log`;
  }

  /**
   * Copies a job's folder, which is gone when the job ends, without its git data and its file of inputs.
   * @throws OdmdError ODMD644 no such folder
   */
  async copyRelease(source: string, id: ReleaseId): Promise<void> {
    const from = await existingFolder(source, id);
    const to = this.release(id);
    // Left by a start that a crash cut short.
    await this.removeRelease(id);
    await mkdir(dirname(to), { recursive: true });
    await cp(from, to, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !NOT_COPIED.has(basename(path)),
    });
  }

  async removeRelease(id: ReleaseId): Promise<void> {
    await removeAll([this.release(id), this.log(id)]);
  }

  /** Removes every other release of the service. */
  async keepOnly(id: ReleaseId): Promise<void> {
    const folder = join(this.root, folderName(id));
    const kept = new Set([basename(this.release(id)), basename(this.log(id))]);
    const others = (await names(folder)).filter((name) => !kept.has(name));
    await removeAll(others.map((name) => join(folder, name)));
  }

  async removeService(id: ServiceId): Promise<void> {
    await removeAll([join(this.root, folderName(id))]);
  }

  /** Removes what crashes left: everything that does not belong to these releases. */
  async prune(releases: readonly ReleaseId[]): Promise<void> {
    const known = new Set(releases.map(folderName));
    const strangers = (await names(this.root)).filter((name) => !known.has(name));
    await removeAll(strangers.map((name) => join(this.root, name)));
    for (const release of releases) await this.keepOnly(release);
  }

  /** Opens the log for appending; one that grew too long starts anew. The caller closes the descriptor. */
  openLog(id: ReleaseId): number {
    const file = this.log(id);
    mkdirSync(dirname(file), { recursive: true });
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_BYTES) truncateSync(file);
    return openSync(file, 'a', 0o600);
  }
}

function folderName(id: ServiceId): string {
  return sha256(serviceKey(id)).slice(0, 32);
}

async function existingFolder(path: string, id: ServiceId): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined && (await stat(real)).isDirectory()) return real;
  throw new OdmdError('ODMD644', `the folder ${path} does not exist`, {
    where: whereOf(id),
    fix: 'start the service from the folder that its program needs',
  });
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function removeAll(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map(removeFiles));
}
