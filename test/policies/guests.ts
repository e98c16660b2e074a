import { type EnverEntry, roleArn } from '@ondemandenv/contracts-base';
import type { Case, Party } from './cases.js';
import type { Org } from './org.js';
import type { Actor, PolicyDocument } from './simulator.js';

/** What guests may do by themselves: become whoever lets them. */
export const GUEST_POLICY: PolicyDocument = {
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }],
};

const stranger = (account: string): string => roleArn(account, '/', 'Stranger');

/** The roles that an enver's contract lets read its products while they run. */
function guestsOf({ manifest }: Org, { runtimeGrants }: EnverEntry): string[] {
  return runtimeGrants.map(({ account, role }) =>
    roleArn(manifest.accounts[account]?.id ?? account, '/', role),
  );
}

/** Roles that nobody of the platform made, in the accounts of the envers: they have no boundary. */
export function guestActors(org: Org): Record<string, Actor> {
  const arns = org.entries.flatMap((entry) => [stranger(entry.account.id), ...guestsOf(org, entry)]);
  return Object.fromEntries(arns.map((arn) => [arn, { arn, tags: {}, policies: ['guest'] }]));
}

/** Whom those roles may become: of each enver with guests its runtime role, and nobody else. */
export function guestCases(org: Org, { entry, roles }: Party): Case[] {
  const guests = guestsOf(org, entry);
  const asking = [...guests, stranger(entry.account.id)];
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
