import { type EnverEntry, PROVISIONED_BY, roleArn, roleNames } from '@ondemandenv/contracts-base';
import type { Org } from './org.js';
import type { Request, World } from './simulator.js';
import { applicationOf } from './world.js';

/** The roles around one enver. `reader` is what its runtime role goes on to in central. */
export const ROLES = ['build', 'exec', 'central', 'runtime', 'reader', 'application'] as const;
/** Roles that are no enver's: those that a contract lets read products, and others of the account. */
type Asking = OwnRole | 'guest' | 'stranger';
type OwnRole = (typeof ROLES)[number];

/** A request of an enver's role with what has to become of it. */
export interface Case extends Request {
  /** What is asked, in words that finish "may … ?". */
  readonly question: string;
  /** Whose role asks. */
  readonly from: string;
  readonly role: Asking;
  /** The enver whose thing it is, or `the platform`. */
  readonly to: string;
  readonly expected: boolean;
}

export const PLATFORM = 'the platform';

/** One enver, with the ARNs of those of its roles that there are. */
export interface Party {
  readonly entry: EnverEntry;
  readonly roles: Readonly<Partial<Record<OwnRole, string>>>;
}

/** The envers of an org with their roles. */
export function partiesOf({ entries, central }: Org, { actors }: World): Party[] {
  return entries.map((entry) => {
    const { path, ...names } = roleNames(entry.id);
    const all: Record<OwnRole, string> = {
      build: roleArn(entry.account.id, path, names.build),
      exec: roleArn(entry.account.id, path, names.exec),
      central: roleArn(central.account, path, names.central),
      runtime: roleArn(entry.account.id, path, names.runtime),
      reader: roleArn(central.account, path, names.runtime),
      application: applicationOf(entry),
    };
    const there = Object.entries(all).filter(([, arn]) => actors[arn] !== undefined);
    return { entry, roles: Object.fromEntries(there) };
  });
}

/** What a role asks for, without who asks. */
export interface Ask extends Omit<Request, 'actor'> {
  readonly question: string;
  /** The roles of the enver itself that have to be allowed; every other one has to be refused. */
  readonly own?: readonly OwnRole[];
  /** The roles of others that have to be allowed. */
  readonly others?: readonly OwnRole[];
  /** Roles that are not asked: what becomes of it is not for the platform to say. */
  readonly except?: readonly OwnRole[];
}

/** Every role of an enver asks. */
export function casesOf(asking: Party, to: string, asks: readonly Ask[]): Case[] {
  const from = asking.entry.id;
  return asks.flatMap(({ own = [], others = [], except = [], ...request }) =>
    Object.entries(asking.roles)
      .filter(([role]) => !except.includes(role as OwnRole))
      .map(([role, actor]) => ({
        ...request,
        actor,
        from,
        role: role as OwnRole,
        to,
        expected: (from === to ? own : others).includes(role as OwnRole),
      })),
  );
}

/** The name of the trust of roles of the CDK’s bootstrapping: they trust everybody in their account. */
export const BOOTSTRAP_TRUST = (account: string): string => `trust of cdk-* in ${account}`;

/** The roles in an account that nobody may have: those of the CDK's bootstrapping, and the platform's own. */
export function forbiddenRoles(account: string, region: string): { arn: string; trust: string }[] {
  const bootstrap = ['deploy', 'cfn-exec', 'file-publishing', 'image-publishing', 'lookup'].map((kind) => ({
    arn: roleArn(account, '/', `cdk-hnb659fds-${kind}-role-${account}-${region}`),
    trust: BOOTSTRAP_TRUST(account),
  }));
  const own = roleArn(account, '/', PROVISIONED_BY);
  return [...bootstrap, { arn: own, trust: own }];
}
