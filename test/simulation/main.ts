/** `pnpm simulate`: plays seeded schedules of people, jobs, time and faults against the platform's domain. */
import { parseArgs } from 'node:util';
import { play, type Tally } from './campaign.js';
import { FAULTS, type Fault, PROFILES } from './faults.js';
import { catchMutants } from './mutant-report.js';
import { Shrinker } from './shrink.js';
import { simulate } from './simulation.js';
import { story } from './story.js';

const USAGE = `Usage: pnpm simulate [--seeds N] [--seed K] [--profile NAME]… [--json]
       pnpm simulate --mutants [--quick | --find] [--only TEXT] [--json]
       pnpm simulate --story

Plays schedules of an org's life (pushes, clones, contract changes, approvals, deletions) on a virtual clock, with
crashes, lost and late messages, stale reads and failing jobs in between, and checks what must hold. The same seed
gives the same schedule. When something does not hold, the schedule is made as small as it can be and printed.

  --seeds N         so many seeds, one schedule per profile each (default 200)
  --seed K          the first seed (default 1); alone, only this one
  --profile NAME    only these faults: ${PROFILES.map(({ name }) => name).join(', ')} (default all; repeatable)
  --trace           print the whole schedule of every seed
  --json            print the result as JSON
  --mutants         show that broken variants of the domain are caught, and after how many schedules
  --quick           with each the schedule that is known to catch it, and some that follow
  --find            look for another schedule where that one does not any more, and note it
  --only TEXT       only variants with this in their names
  --story           walk through the life of a small org, with the platform's own reasons

Examples:
  pnpm simulate --seeds 1000
  pnpm simulate --seed 42 --profile everything --trace
  pnpm simulate --seeds 20000 --json > simulation.json`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const options = read(args);
  if (typeof options === 'string') {
    console.error(`${options}\n${USAGE}`);
    return 2;
  }
  const { values } = options;
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.story) {
    for await (const line of story()) console.log(line);
    return 0;
  }
  if (values.mutants)
    return catchMutants({
      progress,
      json: values.json === true,
      quick: values.quick === true,
      find: values.find === true,
      only: values.only,
    });
  return campaign(options);
}

interface Options {
  readonly values: ReturnType<typeof parse>['values'];
  readonly seed: number;
  readonly seeds: number;
  readonly profiles: typeof PROFILES;
}

/** The options, or what is wrong with them. */
function read(args: string[]): Options | string {
  try {
    const { values } = parse(args);
    const names = values.profile ?? PROFILES.map(({ name }) => name);
    const unknown = names.find((name) => !PROFILES.some((profile) => profile.name === name));
    if (unknown !== undefined) return `there is no profile ${JSON.stringify(unknown)}`;
    const numbers = [values.seed ?? '1', values.seeds ?? (values.seed === undefined ? '200' : '1')];
    if (!numbers.every((text) => /^[1-9]\d{0,8}$/.test(text))) return 'seeds are whole numbers from 1';
    const [seed = 1, seeds = 1] = numbers.map(Number);
    return { values, seed, seeds, profiles: PROFILES.filter(({ name }) => names.includes(name)) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function parse(args: string[]) {
  const options = {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    profile: { type: 'string', multiple: true },
    trace: { type: 'boolean' },
    json: { type: 'boolean' },
    mutants: { type: 'boolean' },
    quick: { type: 'boolean' },
    find: { type: 'boolean' },
    only: { type: 'string' },
    story: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  // `pnpm run` passes the `--` on with which its own arguments end.
  return parseArgs({ args: args.filter((arg) => arg !== '--'), options });
}

async function campaign({ values, seed, seeds, profiles }: Options): Promise<number> {
  if (values.trace)
    for (let n = 0; n < seeds; n++)
      for (const profile of profiles)
        console.log(
          [`seed ${seed + n}, ${profile.name}`, ...(await simulate({ seed: seed + n, profile })).trace].join(
            '\n',
          ),
        );
  const tally = await play({
    seed,
    seeds,
    profiles,
    progress: (done, of) => progress(`${done} of ${of} schedules`),
  });
  progress('');
  const small = tally.failure && (await Shrinker.shrink(tally.failure.plan, tally.failure.outcome, progress));
  progress('');
  if (values.json) console.log(JSON.stringify(asJson(tally, small), null, 2));
  else console.log([...asText(tally), ...(small ? failureText(small) : [])].join('\n'));
  return small ? 1 : 0;
}

type Small = Awaited<ReturnType<typeof Shrinker.shrink>>;

function asJson({ schedules, runs, faults, ms }: Tally, small: Small | undefined) {
  const failure = small && {
    seed: small.plan.seed,
    profile: small.plan.profile.name,
    broken: small.outcome.broken,
    steps: small.plan.steps,
    faults: small.plan.faults,
    trace: small.outcome.trace,
    envers: small.outcome.envers,
  };
  return { schedules, runs, faults, seconds: Math.round(ms) / 1000, ...(failure && { failure }) };
}

function asText({ schedules, runs, faults, ms }: Tally): string[] {
  const seconds = (ms / 1000).toFixed(1);
  const each = (ms / Math.max(schedules, 1)).toFixed(0);
  const kinds = (Object.keys(FAULTS) as Fault[]).filter((fault) => faults[fault] !== undefined);
  const width = Math.max(0, ...kinds.map((fault) => fault.length));
  return [
    `${schedules} schedules, ${runs} jobs dispatched, ${seconds} s (${each} ms each)`,
    ...kinds.map(
      (fault) => `  ${fault.padEnd(width)}  ${String(faults[fault]).padStart(8)}   ${FAULTS[fault]}`,
    ),
  ];
}

function failureText({ plan, outcome }: Small): string[] {
  return [
    '',
    `BROKEN: ${outcome.broken}`,
    `seed ${plan.seed}, profile ${plan.profile.name}: pnpm simulate --seed ${plan.seed} --profile ${plan.profile.name}`,
    `made small: ${plan.steps.length} steps, faults: ${plan.faults.join(', ') || 'none'}`,
    '',
    ...outcome.trace,
    '',
    'What the platform says in the end:',
    ...outcome.envers.map((line) => `  ${line}`),
  ];
}

/** One line that is written over and over, on a terminal only. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
