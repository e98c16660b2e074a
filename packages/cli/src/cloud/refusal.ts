import { OdmdError } from '@ondemandenv/contracts-base';

/** AWS is busy, or the function has not been answered in time. */
const LATER: readonly number[] = [429, 502, 503, 504];

/** Why a request was not answered as wished: in the platform's own words where it was asked at all, else by AWS. */
export function refusal(status: number, text: string, url: string): OdmdError {
  const answer = objectOf(text);
  const { code, message, where, fix } = answer;
  if (typeof code === 'string' && typeof message === 'string')
    return new OdmdError(code, message, {
      ...(typeof where === 'string' && { where }),
      ...(typeof fix === 'string' && { fix }),
    });
  const said = String(answer.Message ?? answer.message ?? `status ${status}`);
  if (status === 401 || status === 403)
    return new OdmdError('ODMD743', `AWS does not let you in: ${said}`, {
      where: url,
      fix: 'take on a role of one of the org’s accounts that may `lambda:InvokeFunctionUrl` and `lambda:InvokeFunction` on the function odmd-api, and sign in again if its session has expired',
    });
  if (LATER.includes(status))
    return new OdmdError('ODMD744', `the platform cannot answer now: ${said}`, {
      where: url,
      fix: 'try again in a moment; if it stays so, look at the log of the function odmd-api',
    });
  return notUnderstood(url, said);
}

/** The code of an answer that never came. */
export const NO_ANSWER = 'ODMD745';

/** Nothing came back. */
export function noAnswer(url: string, cause: unknown): OdmdError {
  const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return new OdmdError(
    NO_ANSWER,
    `the platform does not answer: ${why instanceof Error ? why.message : why}`,
    {
      where: url,
      fix: 'look at your network, and whether it is the address of the platform',
      cause,
    },
  );
}

export function notUnderstood(url: string, said: string): OdmdError {
  return new OdmdError('ODMD746', `the answer was not understood: ${said.slice(0, 200)}`, {
    where: url,
    fix: 'look whether it is the address of the platform, and use the same release of `odmd` as of the platform',
  });
}

export function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
