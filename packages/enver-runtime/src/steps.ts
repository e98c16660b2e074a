import { type ChildOptions, runChild, signalCode } from './child-process.js';
import { CommandFailed, EXIT } from './errors.js';

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
    if (code !== 0) throw failed(step, code);
    if (stoppedBy && (more || index + 1 < steps.length)) throw failed(step, signalCode(stoppedBy));
  }
}

/** 75 of a command means nothing to the platform; passed on, a failed job would count as superseded. */
function failed(step: Step, code: number): CommandFailed {
  const exitCode = code === EXIT.tryLater ? EXIT.failure : code;
  return new CommandFailed(exitCode, `the command ended with exit code ${code}`, step.title);
}
