import { contracts } from '@coffee-shop/contracts';
import { describe, expect, it } from 'vitest';
import { PLATFORM, ROLES } from './cases.js';
import { casesOfOrg, policyMatrix, worldOfOrg } from './matrix.js';
import { MUTATIONS, mutate } from './mutations.js';
import { orgOf } from './org.js';
import { answersOf, mistakesOf, productsOf, text } from './print.js';
import { simulate } from './simulator.js';

/*
 * Every role of every enver of the example org and of its clones towards every other enver and the platform, decided by
 * the policies that the templates have.
 */

const result = contracts.synth();
if (!result.ok) throw new Error('the example is broken');
const { manifest } = result;

describe('the policies of the example org', async () => {
  const matrix = await policyMatrix(manifest);
  const { decided, org } = matrix;

  it('allow what they should, and nothing else', () => {
    expect(mistakesOf(matrix)).toEqual([]);
  });

  it('were asked for every pair of envers and for every kind of role', () => {
    const ids = new Set(org.entries.map(({ id }) => id));
    const pairs = new Set(decided.filter(({ from }) => ids.has(from)).map(({ from, to }) => `${from} ${to}`));
    expect(pairs.size).toBe(ids.size * (ids.size + 1));
    expect(org.entries.filter(({ cloneOf }) => cloneOf !== undefined)).toHaveLength(6);
    expect(new Set(decided.map(({ role }) => role))).toEqual(new Set([...ROLES, 'guest', 'stranger']));
  });

  it('let somebody do what is refused to others, wherever anybody may', () => {
    const nobody = new Set([
      'ask the platform, as people do',
      'become an administrator',
      'become its build role',
      'become its exec role',
      'change a bucket',
      'change a role of the platform',
      'change a stack by its own permissions',
      'change a stack of the platform',
      'change the boundary',
      'change the bus',
      'change what listens',
      'change what the platform made for an enver',
      'change who is trusted',
      'give permissions without the boundary',
      'hand an administrator to CloudFormation',
      'have a function',
      'have the key of the GitHub App',
      'have the records',
      'have the work',
      'leave the boundary',
      'loosen a stack',
      'make a role for an application',
      'make a role outside of its path, or without the boundary',
      'make a user',
      'pass the exec role to something else',
      'read the history of a product',
      'remove a product',
      'send alarms',
      'silence the events of stacks',
      'speak as somebody else',
      'speak as the enver on another bus',
      'write the contract entry',
      'write what was dispatched',
    ]);
    const answers = answersOf(matrix);
    const allowed = new Set(answers.filter(({ allowed }) => allowed > 0).map(({ question }) => question));
    const never = answers.map(({ question }) => question).filter((question) => !allowed.has(question));
    expect(new Set(never)).toEqual(nobody);
    for (const question of allowed)
      expect(
        decided.some((one) => one.question === question && !one.allowed),
        question,
      ).toBe(true);
  });

  it('give the products as the contracts do', () => {
    const declared = org.entries.flatMap(({ id, products, consumes }) => [
      ...(products.length > 0 ? [`${id} ${id} write`] : []),
      ...consumes.filter(({ from }) => from !== id).map(({ from }) => `${id} ${from} read`),
    ]);
    const given = productsOf(matrix).map(({ from, to, may }) => `${from} ${to} ${may}`);
    expect(new Set(given)).toEqual(new Set(declared));
  });

  it('are shown to whoever wants to see them', () => {
    const shown = text(matrix);
    expect(shown).toContain('18 envers, 6 of them clones of feature/login');
    expect(shown).toContain('Everything is as it should be.');
    expect(shown).toMatch(/read a product that it consumes +another’s +\d+ +\d+/);
  });
});

describe('a policy that is wrong is found', async () => {
  const org = orgOf(manifest);
  const world = worldOfOrg(org);
  // These have roles of every kind between them, and consume values and artifacts.
  const asks = /^(order-processor|order-manager|end-to-end)\/b..main$/;
  const cases = casesOfOrg(org, world).filter(({ from, role }) => asks.test(from) || role === 'stranger');

  it.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))('%s', async (_, mutation) => {
    const decisions = await simulate(mutate(world, mutation), cases);
    const wrong = cases.filter(({ expected }, index) => decisions[index]?.allowed !== expected);
    const broken = new Set(wrong.map(({ question }) => question));
    expect([...broken]).toEqual(expect.arrayContaining([...mutation.breaks]));
    // What has nothing to do with it comes out as before.
    expect(wrong.length).toBeLessThan(cases.length / 4);
  });

  it('as it is, nothing is', async () => {
    const decisions = await simulate(world, cases);
    expect(cases.filter(({ expected }, index) => decisions[index]?.allowed !== expected)).toEqual([]);
    expect(cases.some(({ to }) => to === PLATFORM)).toBe(true);
  });
});
