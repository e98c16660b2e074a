import { OdmdError } from '@ondemandenv/contracts-base';

const EXPIRED = /^Expired|^RequestExpired|^TokenRefreshRequired/;
const DENIED =
  /AccessDenied|^UnauthorizedOperation|^NotAuthorized|^Forbidden|^InvalidIdentityToken|^IDPRejectedClaim/;
const NO_CREDENTIALS = /^CredentialsProviderError$|^TokenProviderError$/;
const THROTTLED =
  /Throttl|^TooMany|^RequestLimitExceeded|^SlowDown|^BandwidthLimitExceeded|^ProvisionedThroughputExceeded/;

export interface Asked {
  /** Completes "AWS refused to …". */
  readonly what: string;
  /** The ARN, path or address that was asked for. */
  readonly where: string;
  /** What a refusal means here. @default ODMD552 */
  readonly denied?: { readonly code: string; readonly fix: string };
}

/**
 * What the SDK threw, as an error that says what to do. Of AWS's own words only those of a refusal are kept, which
 * name the caller and what it asked for: others may repeat a value.
 *
 * Codes: ODMD551 expired · ODMD552 refused, or as `denied` says · ODMD553 throttled or no answer, after all tries ·
 * ODMD554 anything else.
 */
export function codedError(error: unknown, { what, where, denied }: Asked): OdmdError {
  if (error instanceof OdmdError) return error;
  const name = error instanceof Error ? error.name : String(error);
  const status = statusOf(error);
  if (EXPIRED.test(name)) return expired(what, where);
  if (NO_CREDENTIALS.test(name)) return noCredentials(what, where);
  if (THROTTLED.test(name) || status === 429)
    return noAnswer(`AWS asked for patience (${name})`, what, where);
  if (DENIED.test(name) || status === 401 || status === 403)
    return refused(error instanceof Error ? error.message : name, what, where, denied);
  if (status === undefined || status >= 500)
    return noAnswer(`AWS did not answer (${reasonOf(error)})`, what, where);
  return new OdmdError('ODMD554', `AWS did not ${what}: ${name}, status ${status}`, {
    where,
    fix: 'use releases of the platform and of odmd-enver that belong together',
  });
}

function expired(what: string, where: string): OdmdError {
  return new OdmdError('ODMD551', `the credentials have expired, asked to ${what}`, {
    where,
    fix: 'run the job again; on a laptop, log in again',
  });
}

function noCredentials(what: string, where: string): OdmdError {
  return new OdmdError('ODMD550', `there are no AWS credentials, needed to ${what}`, {
    where,
    fix: "log in to AWS as the enver's build role, for example with AWS_PROFILE",
  });
}

function refused(reason: string, what: string, where: string, denied: Asked['denied']): OdmdError {
  return new OdmdError(denied?.code ?? 'ODMD552', `AWS refused to ${what}: ${firstLine(reason)}`, {
    where,
    fix:
      denied?.fix ??
      'an enver reads what it consumes and writes what it produces: declare it in the contracts',
  });
}

function noAnswer(reason: string, what: string, where: string): OdmdError {
  return new OdmdError('ODMD553', `${reason}, several times, asked to ${what}`, {
    where,
    fix: 'run it again: what is done already is not done twice',
  });
}

/** The SDK adds advice for its developers in further lines. */
function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
