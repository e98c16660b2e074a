import { readFileSync } from 'node:fs';
import { OdmdError } from '@ondemandenv/contracts-base';
import type { KeyValue } from '@ondemandenv/control-plane';
import { processAlive } from './guard/index.js';

/** The process that works with a home. */
interface Owner {
  readonly pid: number;
  /** Tells two processes apart that were given the same id one after the other. */
  readonly started: string;
}

const KEY = 'local/owner';

/**
 * Makes this process the only platform of a home until `unlockHome`; a process that was killed holds no lock.
 * The store's transactions exclude other processes too.
 * @throws OdmdError ODMD603 while another platform is alive
 */
export function lockHome(kv: KeyValue, home: string): void {
  kv.transaction(() => {
    const owner = kv.get<Owner>(KEY);
    if (owner && processAlive(owner.pid) && startOf(owner.pid) === owner.started)
      throw new OdmdError('ODMD603', `a platform already runs in this folder, as process ${owner.pid}`, {
        where: home,
        fix: 'use it, stop it with `odmd local stop`, or choose another folder with --home',
      });
    kv.set(KEY, { pid: process.pid, started: startOf(process.pid) } satisfies Owner);
  });
}

export function unlockHome(kv: KeyValue): void {
  kv.delete(KEY);
}

/** When a process started, in clock ticks since boot (field 22 of proc(5) `/proc/<pid>/stat`); empty elsewhere. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
