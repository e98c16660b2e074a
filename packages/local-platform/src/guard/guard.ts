import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { signalGroup } from './process-group.js';

// The compiled file, also when this one is run from its source.
const MAIN = fileURLToPath(new URL('../../dist/guard/guard-main.js', import.meta.url));

/** This process's end of its guard process (`guard-main.ts`), which starts with the first group to guard. */
class Guard {
  private send: ((line: string) => void) | undefined;
  /** What to do once the guard knows the group. */
  private readonly groups = new Map<number, () => void>();

  /** From the moment this resolves, the group ends with this process. */
  guard(group: number): Promise<void> {
    return new Promise((resolve) => {
      this.groups.set(group, resolve);
      this.send ??= this.start();
      this.send(`+${group}\n`);
    });
  }

  release(group: number): void {
    if (this.groups.delete(group)) this.send?.(`-${group}\n`);
  }

  private start(): (line: string) => void {
    // Detached: a Ctrl-C in the terminal must not reach it.
    const child = spawn(process.execPath, [MAIN], {
      cwd: '/',
      detached: true,
      env: {},
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const gone = () => {
      this.send = undefined;
      // Nothing runs unguarded; whoever started it sees it end.
      for (const group of this.groups.keys()) signalGroup(group, 'SIGKILL');
    };
    child.once('exit', gone).once('error', gone);
    child.stdin.on('error', () => {});
    createInterface({ input: child.stdout }).on('line', (line) => this.groups.get(Number(line))?.());
    // It never keeps this process alive.
    child.unref();
    (child.stdin as Socket).unref();
    (child.stdout as Socket).unref();
    return (line) => child.stdin.write(line);
  }
}

export const guard = new Guard();
