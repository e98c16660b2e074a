import { play, type Tally } from './campaign.js';

/** What a mutant's module offers: the campaign as it goes with the changed source. */
export const campaign = (seeds: number): Promise<Tally> => play({ seed: 1, seeds });
