import type { EnverEntry } from '@ondemandenv/contracts-base';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { allow } from '../../emulator/identities.js';
import { type Attempt, BY_POLICY, become, outcomes, roleOf } from '../attempts.js';
import { Clients } from '../clients.js';
import { attemptsOn } from '../forbidden.js';
import { type JobIdentity, jobIdentity } from '../job-identity.js';
import { Landscape } from '../landscape.js';
import { neverAllowed } from '../never-allowed.js';
import { ask, mayAsk, newRole } from '../people.js';
import { statementsOf, statementsUsed } from '../statements.js';
import { artifactsOf, changeArtifact, mayRead, readArtifact } from './artifacts.js';
import { leftByBoundary, takenByBoundary, takenFromApplications, withEverything } from './boundaries.js';
import { notReading, readerOf, readings, whoIs } from './guests.js';
import { ExampleJobs } from './jobs.js';
import { COFFEE_SHOP, contractsFiles, workflowFiles } from './org.js';
import { appRoleArn, badApps, escapes, goodApp } from './service-apps.js';
import { makeStack, removeStack } from './stacks.js';
import { badTokens, goodTokens, NO_TOKEN, ownerId } from './tokens.js';
import { NOT_USED_HERE } from './unused.js';

/*
 * Least privilege, for every enver of the coffee shop of the examples, on the platform as it is deployed: what its job
 * may do on its own, and that it may do none of it elsewhere. Each test goes on from where the one before ended.
 */

vi.setConfig({ testTimeout: 480_000, hookTimeout: 300_000 });

const main = { kind: 'branch', ref: 'main' } as const;

let land: Landscape;
let jobs: ExampleJobs;
let envers: EnverEntry[];
/** Those whose jobs have stacks made. */
let apps: EnverEntry[];
const identities = new Map<string, JobIdentity>();
const tried = { allowed: 0, refused: 0 };

beforeAll(async () => {
  land = await Landscape.start(COFFEE_SHOP);
  envers = Object.values(land.manifest.envers);
  apps = envers.filter(({ stacks }) => stacks.length > 0);
  // The contracts are synthesised and published by the real workflow file.
  land.jobs.accepts = ({ inputs }) => inputs.enver?.startsWith('contracts/') === true;
  jobs = new ExampleJobs(land);
});
afterAll(async () => {
  console.info(`least privilege: ${tried.allowed} attempts allowed, ${tried.refused} refused`);
  await jobs?.stop();
  await land?.stop();
});

const others = (own: EnverEntry, of = envers) => of.filter(({ id }) => id !== own.id);

/** Who the job of an enver is. */
async function identityOf(own: EnverEntry): Promise<JobIdentity> {
  const identity = identities.get(own.id) ?? (await land.trying(() => jobIdentity(land, own)));
  identities.set(own.id, identity);
  return identity;
}

/** What did not come out as it has to. */
async function wrong(
  expected: 'allowed' | 'refused',
  attempts: readonly Attempt[],
  refusal = BY_POLICY,
): Promise<string[]> {
  tried[expected] += attempts.length;
  const made = await land.trying(() => outcomes(attempts, refusal));
  return made.filter(([, outcome]) => outcome !== expected).map(([what, outcome]) => `${what}: ${outcome}`);
}

it('is installed from its contracts, and all of it deployed in order', async () => {
  const repos = Object.values(land.manifest.repos);
  for (const { name } of repos) await land.github.createRepo(name);
  for (const { name } of repos.filter((repo) => repo.name !== 'contracts'))
    await land.github.push(`coffee-shop/${name}`, main, { message: name, files: { 'README.md': name } });
  // The platform commits its workflow files; a tag has to have them before.
  const events = 'coffee-shop/order-events';
  const workflows = await workflowFiles(land.manifestFile, events);
  await land.github.push(events, main, { message: 'the workflows', files: workflows });
  const release = { kind: 'tag', ref: 'v1.4.0' } as const;
  await land.github.push(events, release, { message: 'the events' });
  const files = contractsFiles();
  await land.github.push('coffee-shop/contracts', main, { message: 'the contracts', files });
  // Guests who have signed in are sent to an address that somebody has to look at first.
  const auth = 'user-auth/b..main';
  await land.until('an approval', async () => (await land.envers())[auth]?.approvals !== undefined, 200);
  const lead = await newRole(land, 'workspace0', 'identity-lead', mayAsk(land));
  expect(await ask(land, lead, 'approve', auth)).toMatchObject({ code: 0 });
  await land.phases(Object.fromEntries(envers.map(({ id }) => [id, 'deployed'])), 200);
  await jobs.stop();
  for (const { id, consumes } of envers)
    for (const { from, placeholder } of consumes)
      if (placeholder === undefined)
        expect(jobs.ended.indexOf(from), `${from} before ${id}`).toBeLessThan(jobs.ended.indexOf(id));
});

it('lets in the job of an enver by its token, and no other', async () => {
  const owner = await ownerId(land);
  for (const own of envers) {
    expect(await wrong('allowed', goodTokens(land, own, owner))).toEqual([]);
    expect(await wrong('refused', badTokens(land, own, owner, others(own)), NO_TOKEN)).toEqual([]);
  }
});

describe('an app', () => {
  it('makes roles below the boundary, and no others', async () => {
    for (const own of apps) {
      const identity = await identityOf(own);
      const [first = '', ...more] = own.stacks;
      const [other = own] = others(own, apps);
      const asked = badApps(land, own, other).map(
        ([what, resources]): Attempt => [`${own.id}: ${what}`, () => made(own, identity, first, resources)],
      );
      // One after the other: it is the same stack.
      for (const attempt of asked) expect(await wrong('refused', [attempt])).toEqual([]);
      const good: Attempt[] = [
        [`${own.id}: a good app`, () => made(own, identity, first, goodApp(own), true)],
        ...more.map(
          (name): Attempt => [
            `${own.id}: ${name}`,
            () => made(own, identity, name, { Queue: { Type: 'AWS::SQS::Queue' } }, true),
          ],
        ),
      ];
      expect(await wrong('allowed', good)).toEqual([]);
    }
  });
});

/** @throws with the reason, when it could not be made; then it is removed again */
async function made(own: EnverEntry, identity: JobIdentity, name: string, resources: object, keep = false) {
  const { status, reasons } = await makeStack(identity, own, name, resources);
  if (status === 'CREATE_COMPLETE' && keep) return;
  await removeStack(identity, name);
  if (status !== 'CREATE_COMPLETE') throw new Error(`${status}: ${reasons.join(', ')}`);
}

it('lets the job of an enver do what is its own, and nothing of what is another’s', async () => {
  for (const own of envers) {
    const identity = await identityOf(own);
    const refused = [
      ...others(own).flatMap((other) => attemptsOn(land, identity, own, other)),
      ...neverAllowed(land, identity, own, others(own)),
    ];
    expect(await wrong('refused', refused), own.id).toEqual([]);
    expect(await wrong('allowed', attemptsOn(land, identity, own, own)), own.id).toEqual([]);
  }
});

it('lets the job of an enver read the artifacts that it consumes, and change none', async () => {
  for (const artifact of await artifactsOf(land))
    for (const own of envers) {
      const identity = await identityOf(own);
      const expected = mayRead(own, artifact) ? 'allowed' : 'refused';
      expect(await wrong(expected, [readArtifact(identity, own, artifact)]), own.id).toEqual([]);
      if (own.id === artifact.producer.id) continue;
      expect(await wrong('refused', [changeArtifact(identity, artifact)]), own.id).toEqual([]);
    }
});

describe('a role whose own policy lets it do everything', () => {
  it('has no more than the boundary leaves it', async () => {
    for (const own of envers) {
      const identity = await identityOf(own);
      for (const [kind, account] of [
        ['build', own.account.name],
        ['central', 'central'],
      ] as const) {
        const who = identity[kind];
        const name = roleOf(own, kind).split('/').at(-1) ?? '';
        expect(await wrong('refused', leftByBoundary(who)), own.id).toEqual([]);
        await withEverything(land, account, name, async () => {
          expect(await wrong('allowed', leftByBoundary(who)), own.id).toEqual([]);
          expect(await wrong('refused', takenByBoundary(land, who, own)), own.id).toEqual([]);
        });
      }
    }
  });

  it('has no more when CloudFormation has it', async () => {
    for (const own of apps) {
      const identity = await identityOf(own);
      const [stack = ''] = own.stacks;
      await land.trying(() => removeStack(identity, stack));
      const name = roleOf(own, 'exec').split('/').at(-1) ?? '';
      await withEverything(land, own.account.name, name, async () => {
        for (const [what, resources] of escapes(land, own)) {
          const attempt: Attempt = [`${own.id}: ${what}`, () => made(own, identity, stack, resources)];
          expect(await wrong('refused', [attempt])).toEqual([]);
        }
      });
      const good: Attempt = ['a good app', () => made(own, identity, stack, goodApp(own), true)];
      expect(await wrong('allowed', [good]), own.id).toEqual([]);
    }
  });

  it('has no more as an application', async () => {
    for (const own of apps) {
      const person = land.administrator(own.account.name);
      const who = await whoIs(land, appRoleArn(own), person, own.region);
      expect(await wrong('allowed', leftByBoundary(who)), own.id).toEqual([]);
      expect(await wrong('refused', takenFromApplications(land, who, own)), own.id).toEqual([]);
    }
  });
});

it('lets the applications that a contract names read, and nobody else', async () => {
  const { account: central } = land.central;
  const newGuest = async (account: string, role: string) => {
    const credentials = await newRole(land, account, role, allow('sts:AssumeRole'));
    return new Clients(land.aws.clientWith(credentials, land.central.region));
  };
  const accounts = new Set(envers.map(({ account }) => account.name));
  const strangers = await Promise.all([...accounts].map((name) => newGuest(name, 'stranger')));
  for (const own of envers.filter(({ runtimeGrants }) => runtimeGrants.length > 0)) {
    const runtime = roleOf(own, 'runtime');
    const reader = roleOf(own, 'runtime', central);
    const byStrangers = strangers.flatMap((one) => [become(one, runtime), become(one, reader)]);
    expect(await wrong('refused', byStrangers)).toEqual([]);
    for (const { account, role } of own.runtimeGrants) {
      const guest = await newGuest(account, role);
      expect(await wrong('allowed', [become(guest, runtime)])).toEqual([]);
      const jobsOfEnvers = envers.flatMap((one) => [
        become(guest, roleOf(one, 'build')),
        become(guest, roleOf(one, 'central', central)),
      ]);
      expect(await wrong('refused', [become(guest, reader), ...jobsOfEnvers])).toEqual([]);
      const application = await land.trying(() => readerOf(land, own, guest.settings.credentials));
      const { own: known, others: unknown } = readings(application, own, envers);
      expect(await wrong('allowed', known)).toEqual([]);
      expect(await wrong('refused', [...unknown, ...notReading(land, application, own)])).toEqual([]);
    }
  }
});

it('has no permission without a use, or a reason', async () => {
  const [all, used] = [await statementsOf(land), await statementsUsed(land)];
  expect(all.filter((statement) => !used.has(statement) && !(statement in NOT_USED_HERE))).toEqual([]);
  expect(Object.keys(NOT_USED_HERE).filter((statement) => !all.includes(statement))).toEqual([]);
});
