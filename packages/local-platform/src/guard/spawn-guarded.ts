import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { OdmdError } from '@ondemandenv/contracts-base';
import { guard } from './guard.js';
import { signalGroup, terminateGroup } from './process-group.js';

export interface GuardedCommand {
  /** A path, or a name that is looked up in `env.PATH`. */
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Where standard output and standard error go; a number is a file descriptor. */
  readonly stdout: number | 'ignore' | 'pipe';
}

export interface ProcessEnd {
  /** The exit code; 127 when there is no such command; `null` when a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface GuardedProcess {
  /** Also the id of its process group. */
  readonly pid: number;
  /** How the command ended; its background processes are gone by then. Never rejects. */
  readonly exit: Promise<ProcessEnd>;
  /** Asks the whole group to end, kills it after `graceMs` milliseconds; resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
  /** Present with `stdout: 'pipe'`. */
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
}

/**
 * The child waits here until the guard knows its process group, and ends if this process dies before that: so at
 * no moment is there a command that nobody would end.
 */
const GATE = 'read -r word <&3 && [ "$word" = go ] || exit 125; exec 3<&-; exec "$@"';

/**
 * Starts a command in a session and process group of its own. The whole group ends with the command, and it ends
 * when this process ends, even by SIGKILL.
 *
 * @throws OdmdError ODMD610 when no process can be started, e.g. because `cwd` does not exist
 */
export function spawnGuarded(command: GuardedCommand): GuardedProcess {
  const child = start(command);
  const { pid } = child;
  if (pid === undefined) throw cannotStart(command);

  let ended = false;
  let stopping: Promise<void> | undefined;
  const exit = new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  }).then(async (end) => {
    // Others of its group keep the grace that a stop gave them; without one they end at once.
    await stopping;
    signalGroup(pid, 'SIGKILL');
    ended = true;
    guard.release(pid);
    return end;
  });

  const gate = child.stdio[3] as Writable;
  gate.on('error', () => {}); // It ended at the gate.
  void guard.guard(pid).then(() => gate.end('go\n'));

  return {
    pid,
    exit,
    stdout: child.stdout,
    stderr: child.stderr,
    async stop(graceMs) {
      // A process id that has ended may belong to somebody else.
      if (!ended) stopping ??= terminateGroup(pid, graceMs);
      await exit;
    },
  };
}

function start(command: GuardedCommand): ChildProcess {
  try {
    const child = spawn('/bin/sh', ['-c', GATE, 'sh', command.command, ...command.args], {
      cwd: command.cwd,
      env: { ...command.env },
      detached: true,
      stdio: ['ignore', command.stdout, command.stdout, 'pipe'],
    });
    child.on('error', () => {}); // Seen by the missing process id.
    return child;
  } catch (cause) {
    throw cannotStart(command, cause); // E.g. an environment that is too long.
  }
}

function cannotStart({ command, cwd }: GuardedCommand, cause?: unknown): OdmdError {
  return new OdmdError('ODMD610', `cannot start ${command} in ${cwd}`, {
    fix: 'check that the folder exists and that the command line and its environment are not too long',
    cause,
  });
}
