import {
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  paginateListRoles,
} from '@aws-sdk/client-iam';
import type { PolicyDecision } from '../emulator/emulator.js';
import type { Landscape } from './landscape.js';

interface InlineStatement {
  readonly Sid?: string;
  readonly Action?: string | readonly string[];
}

/**
 * Every statement of the roles that the platform has and makes, in order: `<kind of role> <Sid>`, or `<kind of role> (no id)
 * <actions>` of one that the CDK wrote. Of an enver's roles the kind is `build`, `exec`, `central`, `runtime`, of a
 * function its name. What a contract itself lets its enver do is told apart by the role.
 */
export async function statementsOf(land: Landscape): Promise<string[]> {
  return [...(await namesOfStatements(land)).keys()].sort();
}

/** Those of them that let somebody do something so far, without what was only tried. */
export async function statementsUsed(land: Landscape): Promise<Set<string>> {
  const uses = new Set(land.uses().flatMap((use) => keyOf(use)));
  const names = await namesOfStatements(land);
  return new Set([...names].flatMap(([name, keys]) => (keys.some((key) => uses.has(key)) ? [name] : [])));
}

/** The names of all statements, and of each what its use would look like. */
async function namesOfStatements(land: Landscape): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const name of Object.keys(land.accounts)) {
    const iam = new IAMClient(land.as(name));
    for await (const { Roles = [] } of paginateListRoles({ client: iam }, {}))
      for (const { RoleName = '' } of Roles) {
        const kind = kindOf(RoleName);
        const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
        for (const PolicyName of kind === undefined ? [] : PolicyNames) {
          const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
          const { Statement }: { Statement: InlineStatement[] } = JSON.parse(
            decodeURIComponent(PolicyDocument),
          );
          for (const { Sid, Action = [] } of Statement) {
            const actions = [Action].flat();
            if (Sid !== undefined) found.set(named(RoleName, Sid), [named(RoleName, Sid)]);
            else
              found.set(
                `${kind} (no id) ${actions.join(' ')}`,
                actions.map((action) => unnamed(RoleName, action)),
              );
          }
        }
      }
  }
  return found;
}

function keyOf({ principal, action, statement }: PolicyDecision): string[] {
  // arn:aws:sts::<account>:assumed-role/<role>/<session>, or the role itself where CloudFormation acts
  const parts = principal.split('/');
  const role = (principal.includes(':assumed-role/') ? parts[1] : parts.at(-1)) ?? '';
  if (kindOf(role) === undefined) return [];
  return [statement === '' ? unnamed(role, action) : named(role, statement)];
}

function named(role: string, sid: string): string {
  // The third thing that one contract lets its enver do has nothing to do with the third of another.
  return `${kindOf(role)} ${sid}${/^Contract\d+$/.test(sid) ? ` of ${role}` : ''}`;
}

/** Nothing but its role and its actions tells a statement that has no id: a wildcard in them would not be recognised. */
function unnamed(role: string, action: string): string {
  return `${kindOf(role)} (no id) ${action.toLowerCase()}`;
}

/** @returns undefined for roles that are not the platform's: of people, of applications, of the CDK's bootstrapping */
function kindOf(role: string): string | undefined {
  const [, ofEnver] = /--.*-(build|exec|central|runtime)$/.exec(role) ?? [];
  const [, ofFunction] = /^odmd-central-(\w+?)Role[0-9A-F]/.exec(role) ?? [];
  // Anything else that a stack of the platform has: its name in the template.
  const [, other] = /^(odmd-.*?)(?:[0-9A-F]{8}(?:-.*)?)?$/.exec(role) ?? [];
  return ofEnver ?? ofFunction?.toLowerCase() ?? other;
}
