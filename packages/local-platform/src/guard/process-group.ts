import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Whether a process runs. One that has ended and was not collected yet (a zombie) does not. */
export function processAlive(pid: number): boolean {
  return accepts(pid) && (process.platform !== 'linux' || statusOf(String(pid))?.state !== 'Z');
}

/** Whether any process of the group runs. */
function groupAlive(group: number): boolean {
  if (!accepts(-group)) return false;
  if (process.platform !== 'linux') return true;
  // Containers often have a first process that collects no orphans: a group of zombies would never be empty.
  return readdirSync('/proc').some((pid) => {
    const status = /^\d/.test(pid) ? statusOf(pid) : undefined;
    return status?.group === group && status.state !== 'Z';
  });
}

/** Sends a signal to every process of the group; a group that is gone is no error. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Gone, or (on macOS) only zombies are left.
  }
}

/** How long a group that was killed may take to be gone: the kernel has to clean up after it. */
const KILLED_MS = 2_000;

/** Asks the group to end, ends what is left of it after `graceMs` milliseconds, and resolves when it is gone. */
export async function terminateGroup(group: number, graceMs: number): Promise<void> {
  signalGroup(group, 'SIGTERM');
  if (await goneWithin(group, graceMs)) return;
  signalGroup(group, 'SIGKILL');
  await goneWithin(group, KILLED_MS);
}

async function goneWithin(group: number, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (groupAlive(group)) {
    if (performance.now() >= deadline) return false;
    await delay(20);
  }
  return true;
}

function accepts(target: number): boolean {
  try {
    return process.kill(target, 0);
  } catch {
    return false;
  }
}

/** The fields of proc(5) `/proc/<pid>/stat`, which follow the command's name in brackets. */
function statusOf(pid: string): { state: string | undefined; group: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, , group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state, group: Number(group) };
  } catch {
    return undefined;
  }
}
