import type { Manifest } from '@ondemandenv/contracts-base';
import { betweenEnvers } from './between-envers.js';
import { BOOTSTRAP_TRUST, type Case, partiesOf } from './cases.js';
import { GUEST_POLICY, guestActors, guestCases } from './guests.js';
import { appOf, deployedBy, type Org, orgOf } from './org.js';
import { type Decision, simulate, type World } from './simulator.js';
import { towardsPlatform } from './towards-platform.js';
import { worldOf } from './world.js';

/** A request and what became of it. */
interface Decided extends Case, Decision {}

export interface Matrix {
  readonly org: Org;
  readonly decided: readonly Decided[];
  /** Those that came out otherwise than they should. */
  readonly wrong: readonly Decided[];
}

/** The policies of an org's templates, with the bootstrapping of the CDK in every account. */
export function worldOfOrg(org: Org): World {
  const world = worldOf(org, deployedBy(appOf(org)));
  const accounts = Object.values(org.manifest.accounts).map(({ id }) => id);
  const trusts = accounts.map((account) => [
    BOOTSTRAP_TRUST(account),
    {
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' },
      ],
    },
  ]);
  return {
    policies: { ...world.policies, ...Object.fromEntries(trusts), guest: GUEST_POLICY },
    actors: { ...world.actors, ...guestActors(org) },
  };
}

/** Every request whose outcome is the platform's to say: every enver towards every enver, and towards the platform. */
export function casesOfOrg(org: Org, world: World): Case[] {
  const parties = partiesOf(org, world);
  return parties.flatMap((asking) => [
    ...towardsPlatform(org, asking),
    ...parties.flatMap((target) => betweenEnvers(org, asking, target)),
    ...guestCases(org, asking),
  ]);
}

/** Decides every request of an org by the policies that its templates have. */
export async function policyMatrix(
  manifest: Manifest,
  change = (world: World): World => world,
): Promise<Matrix> {
  const org = orgOf(manifest);
  const world = change(worldOfOrg(org));
  const cases = casesOfOrg(org, world);
  const decisions = await simulate(world, cases);
  const decided = cases.map((one, index): Decided => ({ ...one, ...(decisions[index] ?? UNDECIDED) }));
  return { org, decided, wrong: decided.filter(({ allowed, expected }) => allowed !== expected) };
}

const UNDECIDED: Decision = { allowed: false, by: 'undecided' };
