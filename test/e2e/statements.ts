import {
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  paginateListRoles,
} from '@aws-sdk/client-iam';
import type { Landscape } from './landscape.js';

/**
 * Every statement of the roles that the platform has and makes, as `<kind of role> <Sid>`, in order: of an enver's roles
 * `build`, `exec`, `central`, `runtime`; of a function its name.
 */
export async function statementsOf(land: Landscape): Promise<string[]> {
  const found = new Set<string>();
  for (const name of Object.keys(land.accounts)) {
    const iam = new IAMClient(land.as(name));
    for await (const { Roles = [] } of paginateListRoles({ client: iam }, {}))
      for (const { RoleName = '' } of Roles) {
        const kind = kindOf(RoleName);
        const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
        for (const PolicyName of kind === undefined ? [] : PolicyNames) {
          const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
          const { Statement }: { Statement: { Sid?: string }[] } = JSON.parse(
            decodeURIComponent(PolicyDocument),
          );
          for (const { Sid } of Statement) if (Sid !== undefined) found.add(`${kind} ${Sid}`);
        }
      }
  }
  return [...found].sort();
}

/** Those of them that let somebody do something so far. */
export function statementsUsed(land: Landscape): Set<string> {
  const used = land.aws
    .decisions()
    .filter(({ decision, statement }) => decision === 'Allow' && statement !== '');
  return new Set(
    used.flatMap(({ principal, statement }) => {
      // arn:aws:sts::<account>:assumed-role/<role>/<session>, or the role itself where CloudFormation acts
      const [, role = ''] = /:(?:assumed-)?role\/(?:.*\/)?([^/]+)(?:\/[^/]+)?$/.exec(principal) ?? [];
      const name = principal.includes(':assumed-role/') ? principal.split('/')[1] : role;
      const kind = kindOf(name ?? '');
      return kind === undefined ? [] : [`${kind} ${statement}`];
    }),
  );
}

function kindOf(role: string): string | undefined {
  const [, ofEnver] = /--.*-(build|exec|central|runtime)$/.exec(role) ?? [];
  const [, ofFunction] = /^odmd-central-(\w+?)Role[0-9A-F]/.exec(role) ?? [];
  if (role === 'odmd-provisioner' || role === 'odmd-provisioner-function') return role;
  return ofEnver ?? ofFunction?.toLowerCase();
}
