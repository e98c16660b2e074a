import { OdmdError } from '@ondemandenv/contracts-base';
import { CfnPermission, FunctionUrlAuthType, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

/** A function's policy has room for 20 KB, and each account takes two statements of it. */
const MAX_ACCOUNTS = 30;

/**
 * Gives a function an address for those whom IAM lets in: roles and users of these accounts, each of which its own
 * account has to allow it as well. It takes two permissions, one for the address and one for the function behind it.
 *
 * @param accounts the org's accounts (12 digits) by name
 * @param names of those whose people may call
 * @throws OdmdError ODMD857 too many accounts · ODMD858 no such account
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
 */
export function addressForCallers(
  of: LambdaFunction,
  accounts: Readonly<Record<string, string>>,
  names: readonly string[] = Object.keys(accounts),
): string {
  const callers = new Set(names.map((name) => accountOf(accounts, name)));
  if (callers.size > MAX_ACCOUNTS)
    throw new OdmdError('ODMD857', `a function lets in ${MAX_ACCOUNTS} accounts, and not ${callers.size}`, {
      where: 'accounts',
      fix: 'name those whose people ask the platform: `-c callers=workspace1,tools`',
    });
  const { functionArn: functionName } = of;
  for (const principal of callers) {
    new CfnPermission(of, `CallFrom${principal}`, {
      principal,
      functionName,
      action: 'lambda:InvokeFunctionUrl',
      functionUrlAuthType: FunctionUrlAuthType.AWS_IAM,
    });
    new CfnPermission(of, `RunFrom${principal}`, {
      principal,
      functionName,
      action: 'lambda:InvokeFunction',
      invokedViaFunctionUrl: true,
    });
  }
  return of.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM }).url;
}

function accountOf(accounts: Readonly<Record<string, string>>, name: string): string {
  const found = accounts[name];
  if (found !== undefined) return found;
  throw new OdmdError('ODMD858', 'the contracts have no such account', {
    where: name,
    fix: `use some of ${Object.keys(accounts).join(', ')}`,
  });
}
