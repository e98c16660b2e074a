import { load, type SourceChange } from './bundle.mjs';
import type { Tally } from './campaign.js';
import type { Schedules } from './mutant-run.js';
import { type KnownSchedule, type KnownSchedules, readKnown, writeKnown } from './mutant-schedules.js';
import { MUTANTS } from './mutants.js';

/** So many seeds, with every profile, have to do. */
const SEEDS = 100;
/** So many seeds from the known one on, with its profile: a change of the domain often moves what catches a mutant. */
const NEAR = 60;

interface Options {
  readonly progress: (text: string) => void;
  readonly json: boolean;
  /** Plays only the schedule by which each mutant is known to be caught, and if it is not, some that follow. */
  readonly quick: boolean;
  /** Searches for those that are not caught like that any more, and notes what it finds. */
  readonly find: boolean;
  /** Only mutants with this in their names. @default all */
  readonly only?: string | undefined;
}

interface Caught {
  readonly name: string;
  /** What caught it; absent if nothing did. */
  readonly by?: KnownSchedule;
  readonly schedules: number;
  readonly broken?: string;
}

/** Shows that every mutant is caught, and that the source as it is passes what catches them. @returns the exit code */
export async function catchMutants(options: Options): Promise<number> {
  const { progress, json, quick, find, only = '' } = options;
  const say = (text: string) => json || console.log(text);
  const known = readKnown();
  const mutants = MUTANTS.filter(({ name }) => name.includes(only));
  const width = Math.max(...mutants.map(({ name }) => name.length));
  const found: Caught[] = [];
  for (const [index, mutant] of mutants.entries()) {
    progress(`${index + 1} of ${mutants.length}: ${mutant.name}`);
    const replayed = quick || find ? await replay(mutant, known[mutant.name]) : undefined;
    const caught =
      replayed?.by || quick ? (replayed ?? { name: mutant.name, schedules: 0 }) : await hunt(mutant);
    found.push(caught);
    if (find) writeKnown(withFound(known, found));
    progress('');
    say(`${mutant.name.padEnd(width)}  ${textOf(caught)}`);
  }
  progress('the source as it is');
  const unchanged = await run(...found.flatMap(({ by }) => (by ? [by] : [])).map(schedulesOf));
  progress('');
  const escaped = found.filter(({ by }) => !by).length;
  say(`\n${found.length - escaped} of ${found.length} mutants caught`);
  if (escaped > 0 && quick) say('Look for schedules that catch the others: pnpm simulate --mutants --find');
  say(`the source as it is, with what caught them: ${unchanged.broken ?? 'everything holds'}`);
  if (json) console.log(JSON.stringify({ mutants: found, unchanged }, null, 2));
  return escaped > 0 || unchanged.broken !== undefined ? 1 : 0;
}

function textOf({ by, schedules, broken = '' }: Caught): string {
  if (!by) return `ESCAPED ${schedules} schedules`;
  return `${String(schedules).padStart(4)}  seed ${by.seed}, ${by.profile}: ${broken.split('\n')[0]}`;
}

/** What is known of mutants that are there, in their order. */
function withFound(known: KnownSchedules, found: readonly Caught[]): KnownSchedules {
  const entries = MUTANTS.flatMap(({ name }) => {
    const by = found.find((caught) => caught.name === name)?.by ?? known[name];
    return by ? [[name, by] as const] : [];
  });
  return Object.fromEntries(entries);
}

async function replay(mutant: SourceChange, known: KnownSchedule | undefined): Promise<Caught> {
  if (!known) return { name: mutant.name, schedules: 0 };
  return caughtBy(mutant, await tally({ ...schedulesOf(known), seeds: NEAR }, mutant));
}

async function hunt(mutant: SourceChange): Promise<Caught> {
  return caughtBy(mutant, await tally({ seed: 1, seeds: SEEDS }, mutant));
}

function caughtBy({ name }: SourceChange, { schedules, failure }: Tally): Caught {
  const { plan, outcome } = failure ?? {};
  if (!plan || outcome?.broken === undefined) return { name, schedules };
  return { name, schedules, by: { seed: plan.seed, profile: plan.profile.name }, broken: outcome.broken };
}

function schedulesOf({ seed, profile }: KnownSchedule): Schedules {
  return { seed, seeds: 1, profiles: [profile] };
}

/** Plays schedules with the source as it is. */
async function run(...all: Schedules[]): Promise<{ schedules: number; broken?: string }> {
  const { campaign } = await compiled();
  for (const [index, schedules] of all.entries()) {
    const broken = (await campaign(schedules)).failure?.outcome.broken;
    if (broken !== undefined) return { schedules: index + 1, broken };
  }
  return { schedules: all.length };
}

async function tally(schedules: Schedules, mutant: SourceChange): Promise<Tally> {
  return (await compiled(mutant)).campaign(schedules);
}

async function compiled(mutant?: SourceChange) {
  return (await load('mutant-run.ts', mutant)) as typeof import('./mutant-run.js');
}
