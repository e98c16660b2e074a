import type { Credentials, Emulator } from '../emulator/emulator.js';
import { allow, assume, makeRole, root, trustAccount } from '../emulator/identities.js';

/** The accounts of the small org: the platform's, and two in which its envers are. */
export const ACCOUNTS = {
  central: '111111111111',
  workspace1: '222222222222',
  workspace2: '333333333333',
} as const;
export type AccountName = keyof typeof ACCOUNTS;

/** Ids of the accounts of an org by the names that its contracts give them, the platform's own as `central`. */
export type Accounts = Readonly<Record<string, string>>;

/** All that is asked of the root user of an account, in the order of the alphabet. */
export const ASKED_OF_ROOT = ['iam:CreateRole', 'iam:PutRolePolicy', 'sts:AssumeRole'];

/**
 * A person who administers an account, made by its root user: the last time that a root user is needed. Sessions last
 * for an hour.
 *
 * @param account 12 digits
 */
export async function administrator(emulator: Emulator, account: string): Promise<Credentials> {
  const role = await makeRole(emulator, account, {
    name: 'administrator',
    trust: trustAccount(account),
    may: [allow('*')],
  });
  return assume(emulator, role, root(account));
}
