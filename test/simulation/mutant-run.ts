import { play, type Tally } from './campaign.js';
import { PROFILES } from './faults.js';

/** Schedules to play: of each seed one with every profile, or with those of these names. */
export interface Schedules {
  readonly seed: number;
  readonly seeds: number;
  readonly profiles?: readonly string[];
}

/** What a mutant's module offers: a campaign as it goes with the changed source. */
export function campaign({ seed, seeds, profiles }: Schedules): Promise<Tally> {
  return play({ seed, seeds, profiles: PROFILES.filter(({ name }) => profiles?.includes(name) ?? true) });
}
