import { load, type SourceChange } from './bundle.mjs';
import type { Tally } from './campaign.js';
import { PROFILES } from './faults.js';
import { MUTANTS } from './mutants.js';

/** So many seeds, with every profile, have to do. */
const SEEDS = 60;

interface Options {
  readonly progress: (text: string) => void;
  readonly json: boolean;
  /** Only those that are caught soon. */
  readonly quick: boolean;
}

interface Caught {
  readonly name: string;
  /** Schedules until it was caught; absent if it was not. */
  readonly schedules?: number;
  readonly broken?: string;
  readonly ms: number;
}

/** Plays the same schedules with every mutant until it is caught, and with the source as it is. @returns the exit code */
export async function catchMutants({ progress, json, quick }: Options): Promise<number> {
  const say = (text: string) => json || console.log(text);
  const mutants = MUTANTS.filter(({ slow }) => !(quick && slow));
  const width = Math.max(...mutants.map(({ name }) => name.length));
  const found: Caught[] = [];
  for (const [index, mutant] of mutants.entries()) {
    progress(`${index + 1} of ${mutants.length}: ${mutant.name}`);
    const caught = await hunt(mutant);
    found.push(caught);
    progress('');
    say(
      `${mutant.name.padEnd(width)}  ${String(caught.schedules ?? 'ESCAPED').padStart(7)}  ${caught.broken ?? ''}`,
    );
  }
  const most = Math.max(...found.map(({ schedules }) => schedules ?? 0));
  progress('the source as it is');
  const { schedules, failure } = await run(Math.ceil(most / PROFILES.length));
  progress('');
  const broken = failure?.outcome.broken;
  const escaped = found.filter((caught) => caught.schedules === undefined).length;
  say(`\n${found.length - escaped} of ${found.length} mutants caught, after ${most} schedules at most`);
  say(`the source as it is, ${schedules} schedules: ${broken ?? 'everything holds'}`);
  const unchanged = { schedules, ...(broken !== undefined && { broken }) };
  if (json) console.log(JSON.stringify({ mutants: found, unchanged }, null, 2));
  return escaped > 0 || failure ? 1 : 0;
}

async function hunt(mutant: SourceChange): Promise<Caught> {
  const { schedules, ms, failure } = await run(SEEDS, mutant);
  const broken = failure?.outcome.broken;
  return { name: mutant.name, ms: Math.round(ms), ...(broken !== undefined && { schedules, broken }) };
}

async function run(seeds: number, mutant?: SourceChange): Promise<Tally> {
  const { campaign } = (await load('mutant-run.ts', mutant)) as typeof import('./mutant-run.js');
  return campaign(seeds);
}
