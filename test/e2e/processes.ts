import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Landscape } from './landscape.js';

/**
 * Ends the processes in which a function of the platform runs, as a machine that breaks does: it starts anew when it is
 * called again, with nothing in its memory. @returns how many there were
 */
export async function killFunction(land: Landscape, name: string): Promise<number> {
  // Up to the end of the variable.
  const own = [`AWS_LAMBDA_FUNCTION_NAME=odmd-${name}\0`, new URL(land.aws.url).port];
  const found = processesWith(...own);
  for (const pid of found) process.kill(pid, 'SIGKILL');
  while (!found.every(hasEnded)) await pause(5);
  return found.length;
}

/**
 * Kills a function of the platform when it asks AWS for something: that is done, and it never hears of it.
 *
 * @param cause what makes the function work
 */
export async function killedAt(
  land: Landscape,
  name: string,
  action: string,
  cause: () => Promise<unknown>,
  role = `${name[0]?.toUpperCase()}${name.slice(1)}Role`,
): Promise<void> {
  let killed = 0;
  await land.aws.atRequest({ principal: role, action }, cause, async () => {
    killed = await killFunction(land, name);
  });
  if (killed === 0) throw new Error(`${name} did not run any more`);
}

/** Ids of the processes whose environment has all of these texts. */
function processesWith(...texts: readonly string[]): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const environment = environmentOf(pid);
      return texts.every((text) => environment.includes(text));
    });
}

/** Whether a process has ended with all its threads; whoever started it may not have looked yet. */
function hasEnded(pid: number): boolean {
  try {
    const ended = / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return ended && readdirSync(`/proc/${pid}/task`).length <= 1;
  } catch {
    return true;
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
