import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import type { Credentials } from '../emulator/emulator.js';
import { assume, document, type Statement, trustAccount } from '../emulator/identities.js';
import type { Landscape } from './landscape.js';
import { odmdAs } from './odmd.js';

/** Credentials of a new role that an administrator of an account makes, beside the platform. */
export async function newRole(
  land: Landscape,
  account: string,
  RoleName: string,
  ...may: readonly Statement[]
): Promise<Credentials> {
  const iam = new IAMClient(land.as(account));
  const trust = document(trustAccount(land.accounts[account] ?? ''));
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  if (may.length > 0) {
    const policy = { RoleName, PolicyName: 'may', PolicyDocument: document(...may) };
    await iam.send(new PutRolePolicyCommand(policy));
  }
  return assume(land.aws, Role?.Arn ?? '', land.administrator(account));
}

/** What a person's role needs to ask the platform, as the guide has it. */
export function mayAsk({ central: { account, region } }: Landscape): Statement {
  return {
    Effect: 'Allow',
    Action: ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'],
    Resource: `arn:aws:lambda:${region}:${account}:function:odmd-api`,
  };
}

/** Runs the built `odmd` as somebody; what is due meanwhile happens. */
export async function ask(
  land: Landscape,
  as: Credentials,
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly out: string; readonly log: string }> {
  let ended: Awaited<ReturnType<typeof odmdAs>> | undefined;
  odmdAs(land, as, ...args).then((found) => {
    ended = found;
  });
  const { code, out, log } = await land.until(`odmd ${args.join(' ')} ended`, async () => ended, 200);
  return { code, out: out.toString(), log };
}
