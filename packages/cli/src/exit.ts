/** What `odmd` ends with. */
export const ExitCode = {
  ok: 0,
  /** It was understood and did not succeed. */
  failure: 1,
  /** The command line is wrong. */
  usage: 2,
  /** Nothing is wrong; the same command may succeed later (EX_TEMPFAIL). */
  tryLater: 75,
} as const;

/** The platform's error code of "still busy": no failure, the same command may succeed later. */
export const STILL_BUSY = 'ODMD661';

/** Codes after which the same command may succeed: still busy, AWS cannot answer now, the platform has to be patient. */
export const LATER_CODES: readonly string[] = [STILL_BUSY, 'ODMD744', 'ODMD868'];

/** Ends the command with this code after it has said why itself. */
export class Exit extends Error {
  override readonly name = 'Exit';

  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}
