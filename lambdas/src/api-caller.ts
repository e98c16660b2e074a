import { type AccountRole, OdmdError } from '@ondemandenv/contracts-base';
import type { LambdaFunctionURLEventWithIAMAuthorizer } from 'aws-lambda';

/** Who called, as AWS says after it has checked the signature; nothing that a request says of itself is believed. */
export interface Caller {
  /** The account's name in the contracts. */
  readonly account: string;
  /** The name of the role, without its path; absent for whoever called without one. */
  readonly role?: string;
  /** For a person and for the log. The name of a session is chosen by whoever takes the role on. */
  readonly text: string;
}

/**
 * The caller of a function URL with `AWS_IAM`.
 *
 * @param accounts the org's accounts (12 digits) by name
 * @throws OdmdError ODMD864 not somebody of one of these accounts
 */
export function callerOf(
  event: Pick<LambdaFunctionURLEventWithIAMAuthorizer, 'requestContext'>,
  accounts: Readonly<Record<string, string>>,
): Caller {
  const arn = event.requestContext.authorizer?.iam?.userArn ?? '';
  // arn:aws:sts::<account>:assumed-role/<role>/<session>, arn:aws:iam::<account>:user/<path>/<name>
  const [, , , , id = '', ...rest] = arn.split(':');
  const [kind = '', ...names] = rest.join(':').split('/');
  const account = Object.keys(accounts)
    .sort()
    .find((name) => accounts[name] === id);
  if (account === undefined || kind === '')
    throw new OdmdError('ODMD864', 'the caller is not of an account of the contracts', {
      where: arn || 'nobody',
      fix: 'call with a role of one of the accounts that the contracts declare',
    });
  const [role, session] = names;
  if (kind === 'assumed-role' && role)
    return { account, role, text: `${account}/${role}${session ? ` (session ${session})` : ''}` };
  return { account, text: `${account}, ${[kind, names.at(-1)].filter(Boolean).join(' ')}` };
}

/**
 * Whether somebody runs the platform: with a role of the account that it is in, or one that may approve privileged
 * changes of the contracts.
 *
 * @param central 12 digits
 */
export function runsPlatform(
  { account, role }: Caller,
  accounts: Readonly<Record<string, string>>,
  central: string,
  contractApprovers: readonly AccountRole[] = [],
): boolean {
  if (role === undefined) return false;
  return (
    accounts[account] === central ||
    contractApprovers.some((one) => one.account === account && one.role === role)
  );
}
