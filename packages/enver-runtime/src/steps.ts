import { type EnverEntry, OdmdError } from '@ondemandenv/contracts-base';
import { type ChildOptions, runChild, signalCode } from './child-process.js';
import { CommandFailed, EXIT } from './errors.js';

/** The longest time that a timer of Node waits. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** One command of a job. */
export interface Step {
  /** What a person recognises it by: the command line. */
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** A command line of the contract, for the shell. It stops at the first failure inside the line too. */
export function shellStep(line: string): Step {
  return { title: line, command: 'sh', args: ['-e', '-c', line] };
}

/** A command with its arguments, without a shell. */
export function plainStep(command: string, ...args: string[]): Step {
  return { title: [command, ...args].join(' '), command, args };
}

/**
 * Runs steps one after the other and stops at the first that fails.
 *
 * @param say is told each step before it starts
 * @param more more comes after these: none of them may have been interrupted
 * @throws CommandFailed with the exit code of the step that failed
 * @throws OdmdError ODMD523 the steps took longer than the job may
 */
export async function runSteps(
  steps: readonly Step[],
  options: ChildOptions,
  say: (line: string) => void,
  more = false,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    say(`$ ${step.title}`);
    const { code, stoppedBy } = await runChild(step.command, step.args, options);
    if (options.deadline?.aborted) throw tooLong(step);
    if (code !== 0) throw failed(step, code);
    if (stoppedBy && (more || index + 1 < steps.length)) throw failed(step, signalCode(stoppedBy));
  }
}

/** When the commands that start now have to be done: a job may take as long as its contract says. */
export function deadlineOf({ timeoutMinutes }: EnverEntry): AbortSignal {
  return AbortSignal.timeout(Math.min(Math.ceil(timeoutMinutes * 60_000), MAX_TIMER_MS));
}

function tooLong({ title }: Step): OdmdError {
  return new OdmdError('ODMD523', 'the command was ended: the job took longer than its contract lets it', {
    where: title,
    fix: 'make it quicker, or raise `timeoutMinutes` of the enver in the contracts',
  });
}

/** 75 of a command means nothing to the platform; passed on, a failed job would count as superseded. */
function failed(step: Step, code: number): CommandFailed {
  const exitCode = code === EXIT.tryLater ? EXIT.failure : code;
  return new CommandFailed(exitCode, `the command ended with exit code ${code}`, step.title);
}
