import { appRolePath, type EnverEntry, roleArn, stackName } from '@ondemandenv/contracts-base';
import type { Case, Party } from './cases.js';
import type { Org } from './org.js';
import type { Actor, PolicyDocument } from './simulator.js';

/** What guests may do by themselves: become whoever lets them. */
export const GUEST_POLICY: PolicyDocument = {
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }],
};

/** Who is in the account of an enver, and no guest of its: by any name, and by the name of a guest below a path. */
function strangersOf({ account, runtimeGrants }: EnverEntry): string[] {
  const below = appRolePath('stranger/b..main');
  const alike = runtimeGrants.map(({ role }) => roleArn(account.id, below, role));
  return [roleArn(account.id, '/', 'Stranger'), ...alike];
}

/** The roles that an enver's contract lets read its products while they run. */
function guestsOf({ manifest }: Org, { id, account: { id: home }, runtimeGrants }: EnverEntry): string[] {
  return runtimeGrants.flatMap(({ account, role }) => {
    const accountId = manifest.accounts[account]?.id ?? account;
    const name = role.replaceAll('{enver}', stackName(id));
    const paths = accountId === home ? ['/', appRolePath(id)] : ['/'];
    return paths.map((path) => roleArn(accountId, path, name));
  });
}

/** Roles that nobody of the platform made, in the accounts of the envers: they have no boundary. */
export function guestActors(org: Org): Record<string, Actor> {
  const arns = org.entries.flatMap((entry) => [...strangersOf(entry), ...guestsOf(org, entry)]);
  return Object.fromEntries(arns.map((arn) => [arn, { arn, tags: {}, policies: ['guest'] }]));
}

/** Whom those roles may become: of each enver with guests its runtime role, and nobody else. */
export function guestCases(org: Org, { entry, roles }: Party): Case[] {
  const guests = guestsOf(org, entry);
  const asking = [...guests, ...strangersOf(entry)];
  return asking.flatMap((actor) =>
    Object.entries(roles)
      .filter(([kind]) => kind !== 'application')
      .map(([kind, resource]): Case => {
        const isGuest = guests.includes(actor);
        return {
          question: `become its ${kind} role`,
          from: actor,
          role: isGuest ? 'guest' : 'stranger',
          to: entry.id,
          expected: isGuest && kind === 'runtime',
          actor,
          action: 'sts:AssumeRole',
          resource,
          resourcePolicy: resource,
          owner: resource.split(':')[4] ?? '',
          region: entry.region,
        };
      }),
  );
}
