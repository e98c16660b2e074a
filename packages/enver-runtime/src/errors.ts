import { formatFinding, OdmdError } from '@ondemandenv/contracts-base';

/** Exit codes of `odmd-enver`. */
export const EXIT = { ok: 0, failure: 1, usage: 2, tryLater: 75 } as const;

/**
 * Not a failure of this job: a newer deployment took over, or an input is not there yet. Exit code 75. There is
 * nothing to fix, so it is one line, which the platform shows as the reason.
 */
export class TryLater extends OdmdError {
  override readonly name = 'TryLater';
}

/** A command of the job ended with an exit code other than 0. */
export class CommandFailed extends OdmdError {
  override readonly name = 'CommandFailed';
  /** What `odmd-enver` has to exit with. */
  readonly exitCode: number;

  constructor(exitCode: number, message: string, where: string) {
    super('ODMD520', message, { where });
    this.exitCode = exitCode;
  }
}

/** One of several things that are wrong together. */
export interface Problem {
  readonly code: string;
  readonly where: string;
  readonly message: string;
  readonly fix?: string;
}

/** Several problems as one error: every problem with its fix on lines of its own. */
export class ProblemsError extends OdmdError {
  override readonly name = 'ProblemsError';
  readonly problems: readonly Problem[];

  constructor(code: string, headline: string, where: string | undefined, problems: readonly Problem[]) {
    const list = problems.map((problem) => formatFinding(problem).replaceAll(/^/gm, '  ')).join('\n');
    super(code, `${headline}\n${list}`, where === undefined ? {} : { where });
    this.problems = problems;
  }
}

/** What a process exits with after this error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof TryLater) return EXIT.tryLater;
  if (error instanceof CommandFailed) return error.exitCode;
  return EXIT.failure;
}
