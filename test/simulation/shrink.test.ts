import { expect, it } from 'vitest';
import { PROFILES } from './faults.js';
import { Shrinker } from './shrink.js';
import type { Outcome, Plan } from './simulation.js';

const profile = PROFILES.find(({ name }) => name === 'everything');
const outcomeOf = (broken?: string): Outcome => ({
  trace: [],
  envers: [],
  counts: new Map(),
  runs: 0,
  ...(broken !== undefined && { broken }),
});

/** Shrinks a schedule that breaks whenever `breaks` says so. */
async function shrunk(breaks: (plan: Required<Plan>) => string | undefined): Promise<Required<Plan>> {
  if (!profile) throw new Error('there is no such profile');
  const play = async (plan: Plan) => outcomeOf(breaks(plan as Required<Plan>));
  const { plan } = await Shrinker.shrink(
    { seed: 1, profile },
    outcomeOf('b1/b..main is lost'),
    undefined,
    play,
  );
  return plan;
}

it('leaves the one step, the one fault and the smallest org that a failure needs', async () => {
  const plan = await shrunk(({ steps, faults }) =>
    steps.includes(77) && faults.includes('crash') ? 'b2/b..main is lost' : undefined,
  );
  expect(plan).toMatchObject({ steps: [77], faults: ['crash'], size: 2 });
});

it('leaves steps that are far from each other, if it takes both', async () => {
  const plan = await shrunk(({ steps, size }) =>
    [5, 119].every((step) => steps.includes(step)) && size > 3 ? 'b0/b..main is lost' : undefined,
  );
  expect(plan).toMatchObject({ steps: [5, 119], faults: [], size: 4 });
});

it('takes no other failure for the one that it makes small', async () => {
  const plan = await shrunk(({ steps }) =>
    steps.includes(3) && steps.includes(4) ? 'b0/b..main is lost' : 'b0/b..main still runs',
  );
  expect(plan.steps).toEqual([3, 4]);
});
