import { describe, expect, it } from 'vitest';
import { play } from './campaign.js';
import { FAULTS, PROFILES } from './faults.js';
import { Shrinker } from './shrink.js';
import { simulate } from './simulation.js';

const seeds = Number(process.env.ODMD_SIMULATIONS ?? 60);
const first = Number(process.env.ODMD_SEED ?? 1);
const struck = new Set<string>();

describe.each(PROFILES)('simulated orgs, profile $name', (profile) => {
  it('come to what their contracts, sources, products and people ask for', async () => {
    const { schedules, faults, failure } = await play({ seed: first, seeds, profiles: [profile] });
    for (const fault of Object.keys(faults)) struck.add(fault);
    if (failure) {
      const { plan, outcome } = await Shrinker.shrink(failure.plan, failure.outcome);
      const again = `pnpm simulate --seed ${plan.seed} --profile ${plan.profile.name}`;
      expect.fail([`${outcome.broken} (${again})`, ...outcome.trace, ...outcome.envers].join('\n'));
    }
    expect(schedules).toBe(seeds);
  }, 120_000);
});

it('meet every kind of fault', () => {
  expect([...struck].sort()).toEqual(Object.keys(FAULTS).sort());
});

it('play the same schedule for the same plan', async () => {
  const profile = PROFILES.find(({ name }) => name === 'everything');
  if (!profile) throw new Error('there is no such profile');
  const [one, other] = [await simulate({ seed: 7, profile }), await simulate({ seed: 7, profile })];
  expect(one).toEqual(other);
  expect(one.trace).not.toEqual((await simulate({ seed: 8, profile })).trace);
});
