import { type Fault, PROFILES, type Profile } from './faults.js';
import { type Outcome, type Plan, simulate } from './simulation.js';

export interface Campaign {
  /** The first seed. */
  readonly seed: number;
  /** Of each seed one schedule per profile. */
  readonly seeds: number;
  readonly profiles?: readonly Profile[];
  readonly progress?: (done: number, of: number) => void;
}

export interface Tally {
  readonly schedules: number;
  /** Jobs that the platform dispatched. */
  readonly runs: number;
  readonly faults: Partial<Record<Fault, number>>;
  readonly ms: number;
  /** The first schedule in which something did not hold; the campaign ends with it. */
  readonly failure?: { readonly plan: Plan; readonly outcome: Outcome };
}

/** Plays schedules until one breaks a rule. */
export async function play({ seed, seeds, profiles = PROFILES, progress }: Campaign): Promise<Tally> {
  const start = performance.now();
  const faults: Partial<Record<Fault, number>> = {};
  let [schedules, runs] = [0, 0];
  let failure: Tally['failure'];
  for (let n = 0; n < seeds && !failure; n++)
    for (const profile of profiles) {
      const plan = { seed: seed + n, profile };
      const outcome = await simulate(plan);
      schedules += 1;
      runs += outcome.runs;
      for (const [fault, count] of outcome.counts) faults[fault] = (faults[fault] ?? 0) + count;
      if (outcome.broken !== undefined) failure = { plan, outcome };
      if (failure) break;
      progress?.(schedules, seeds * profiles.length);
    }
  return { schedules, runs, faults, ms: performance.now() - start, ...(failure && { failure }) };
}
