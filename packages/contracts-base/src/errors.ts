/**
 * The one error family of the platform. Every failure that a person can act on is an `OdmdError`:
 * it says what is wrong (`message`), where (`where`) and what to do (`fix`).
 *
 * Code ranges: 1xx contract rules · 2xx manifest and contracts loading · 3xx commit commands and clones ·
 * 4xx sync and control plane · 5xx enver runtime · 6xx local platform · 7xx command line · 8xx generated workflows, and
 * the platform on AWS.
 */
export class OdmdError extends Error {
  override readonly name: string = 'OdmdError';
  /** `ODMD` + three digits, stable across releases. */
  readonly code: string;
  /** The place: a contract path, an enver id, a file with line and column, a ref. */
  readonly where: string | undefined;
  /** One sentence: what the reader should change. */
  readonly fix: string | undefined;

  constructor(
    code: string,
    message: string,
    details: { where?: string; fix?: string; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.where = details.where;
    this.fix = details.fix;
  }
}

/** One finding as the lines a person reads: `ODMD101 place: what is wrong` and, indented, the fix. */
export function formatFinding(finding: {
  code: string;
  where?: string | undefined;
  message: string;
  fix?: string | undefined;
}): string {
  const head = `${finding.code} ${finding.where ? `${finding.where}: ` : ''}${finding.message}`;
  return finding.fix ? `${head}\n  fix: ${finding.fix}` : head;
}

/** Any thrown value as text for a person: coded errors with their fix, others by their message, never a stack. */
export function formatError(error: unknown): string {
  if (isCoded(error)) return formatFinding(error);
  return error instanceof Error ? error.message : String(error);
}

/** By its shape: an org's contracts may throw an `OdmdError` of another copy of this library. */
function isCoded(error: unknown): error is OdmdError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^ODMD\d{3}$/.test(error.code)
  );
}
