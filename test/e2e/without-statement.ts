import {
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  paginateListRoles,
} from '@aws-sdk/client-iam';
import type { Landscape } from './landscape.js';

/** A policy has to have a statement. */
const NOTHING = { Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' };

/** Does something while a role lacks one statement of its policies. @param role its name, or the beginning of it */
export async function withoutStatement<T>(
  land: Landscape,
  account: string,
  role: string,
  sid: string,
  act: (role: string) => Promise<T>,
): Promise<T> {
  const iam = new IAMClient(land.as(account));
  const RoleName = await nameOf(iam, role);
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  for (const PolicyName of PolicyNames) {
    const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    const whole = decodeURIComponent(PolicyDocument);
    const policy = JSON.parse(whole) as { Statement: { Sid?: string }[] };
    const rest = policy.Statement.filter(({ Sid }) => Sid !== sid);
    if (rest.length === policy.Statement.length) continue;
    const put = (document: string) =>
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: document }));
    await put(JSON.stringify({ ...policy, Statement: rest.length > 0 ? rest : [NOTHING] }));
    try {
      return await act(RoleName);
    } finally {
      await put(whole);
    }
  }
  throw new Error(`${RoleName} has no statement ${sid}`);
}

async function nameOf(client: IAMClient, beginning: string): Promise<string> {
  for await (const { Roles = [] } of paginateListRoles({ client }, {}))
    for (const { RoleName = '' } of Roles) if (RoleName.startsWith(beginning)) return RoleName;
  throw new Error(`there is no role ${beginning}…`);
}
