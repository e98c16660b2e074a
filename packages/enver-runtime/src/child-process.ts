import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { OdmdError } from '@ondemandenv/contracts-base';

type Signal = 'SIGTERM' | 'SIGINT';
const FORWARDED: readonly Signal[] = ['SIGTERM', 'SIGINT'];

/** Where signals to this process are heard; Node's `process` is one. */
export interface SignalSource {
  on(signal: Signal, listener: (signal: Signal) => void): unknown;
  off(signal: Signal, listener: (signal: Signal) => void): unknown;
}

export interface ChildOptions {
  /** Absolute path. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signals: SignalSource;
  /**
   * Takes the lines that the command prints, on either stream.
   * @default they go to the streams of this process
   */
  readonly onLine?: (line: string) => void;
  /** The command is ended when this aborts. */
  readonly deadline?: AbortSignal;
}

/** How long a command that is told to end may take for it. */
const GRACE_MS = 10_000;

export interface ChildEnd {
  /** The exit code; 128 + the signal's number when a signal ended it, as shells do. */
  readonly code: number;
  /** A signal to this process that was passed on to the child. */
  readonly stoppedBy?: Signal;
}

/**
 * Runs one command on this process's own streams until it ends, and passes SIGTERM and SIGINT on to it. The child
 * stays in this process group, so whoever kills the group reaches it too.
 *
 * @throws OdmdError ODMD521 when it cannot be started
 */
export async function runChild(
  command: string,
  args: readonly string[],
  options: ChildOptions,
): Promise<ChildEnd> {
  let stoppedBy: Signal | undefined;
  let child: ChildProcess | undefined;
  const forward = (signal: Signal) => {
    stoppedBy = signal;
    child?.kill(signal);
  };
  // Before the command starts: whoever sees it run may send one, which would end this process alone.
  for (const signal of FORWARDED) options.signals.on(signal, forward);
  try {
    child = start(command, args, options);
    const code = await endOf(child, options.deadline).catch((cause: Error) => {
      throw cannotStart(command, cause);
    });
    return { code, ...(stoppedBy && { stoppedBy }) };
  } finally {
    for (const signal of FORWARDED) options.signals.off(signal, forward);
  }
}

function start(command: string, args: readonly string[], { cwd, env, onLine }: ChildOptions): ChildProcess {
  const out = onLine ? 'pipe' : 'inherit';
  const child = spawn(command, args, { cwd, env: { ...env }, stdio: ['inherit', out, out] });
  for (const input of [child.stdout, child.stderr])
    if (input && onLine) createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
  return child;
}

/** Its exit code, once it has ended and its streams have. */
function endOf(child: ChildProcess, deadline: AbortSignal | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const expire = () => {
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
    };
    if (deadline?.aborted) expire();
    else deadline?.addEventListener('abort', expire);
    child.once('error', (cause) => {
      deadline?.removeEventListener('abort', expire);
      reject(cause);
    });
    // Not `exit`: there may be lines to come.
    child.once('close', (code, signal) => {
      deadline?.removeEventListener('abort', expire);
      resolve(code ?? signalCode(signal));
    });
  });
}

export function signalCode(signal: NodeJS.Signals | null): number {
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}

function cannotStart(command: string, cause: Error): OdmdError {
  const missing = 'code' in cause && cause.code === 'ENOENT';
  return new OdmdError('ODMD521', missing ? 'there is no such command' : cause.message, {
    where: command,
    fix: 'check its spelling, that it is installed, and that the working directory exists',
    cause,
  });
}
