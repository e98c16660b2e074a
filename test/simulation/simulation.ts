import type { Installation } from '@ondemandenv/control-plane';
import { Broken } from './broken.js';
import { Ci } from './ci.js';
import type { Fault, Happening, Profile } from './faults.js';
import { MomentChecks } from './moment-checks.js';
import { BOSS } from './org-contracts.js';
import { type OrgShape, randomShape } from './org-shape.js';
import { People } from './people.js';
import { installation } from './places.js';
import { PlatformProcess } from './platform-process.js';
import { Random } from './random.js';
import { RestChecks } from './rest-checks.js';
import { Stage } from './stage.js';

/** What a schedule is made from: the same gives the same schedule. */
export interface Plan {
  readonly seed: number;
  readonly profile: Profile;
  /** Which of its steps happen. @default the first 120 */
  readonly steps?: readonly number[];
  /** Which faults may strike. @default all */
  readonly faults?: readonly Fault[];
  /** At most so many envers. @default 7 */
  readonly size?: number;
}

export interface Outcome {
  readonly trace: readonly string[];
  /** What the platform says of every enver at the end: `id: phase, reason`. */
  readonly envers: readonly string[];
  /** How often each fault struck. */
  readonly counts: ReadonlyMap<Fault, number>;
  /** Runs that were dispatched. */
  readonly runs: number;
  /** What did not hold. */
  readonly broken?: string;
}

export const STEPS = 120;
export const SIZE = 7;
const ORG = -1;
const REST = -2;
const KIND = -3;
const MAX_ROUNDS = 20;
const MAX_WORK = 3_000;
const BURST = 20;

/** One org, one platform: users, jobs, time and faults in an order that the plan alone decides. */
export async function simulate(plan: Plan): Promise<Outcome> {
  const shape = randomShape(Random.stream(plan.seed, ORG), plan.size ?? SIZE, plan.profile.approvals);
  const schedule = new Schedule(plan, shape);
  const { stage } = schedule;
  let broken: string | undefined;
  try {
    await schedule.play();
  } catch (error) {
    // Nothing that a port does may make the platform throw anything else.
    const { stack = '' } = error as Error;
    broken =
      error instanceof Broken ? error.message : `unexpected: ${stack.split('\n').slice(0, 4).join(' ')}`;
  }
  const { trace, counts, outside, mirror } = stage;
  const envers = mirror.envers.map(({ id, phase, reason }) => `${id}: ${phase}, ${reason}`);
  return { trace, envers, counts, runs: outside.source.runs.size, ...(broken !== undefined && { broken }) };
}

/** Some guard privileged changes, some keep within a host's limits; those who have no tick cannot wait for them. */
function randomInstallation(random: Random, { prompt }: Profile): Installation {
  const [guarded, paced] = [random.chance(0.3), random.chance(0.2) && !prompt];
  return {
    ...installation,
    ...(guarded && { contractApprovers: [BOSS] }),
    ...(paced && { dispatchesPerMinute: 10 }),
  };
}

class Schedule {
  readonly stage: Stage;
  private readonly checks: MomentChecks;
  private readonly platform: PlatformProcess;
  private readonly people: People;
  private readonly ci: Ci;
  private readonly actions: ReturnType<Schedule['weighted']>;

  constructor(
    private readonly plan: Plan,
    shape: OrgShape,
  ) {
    const random = Random.stream(plan.seed, KIND);
    this.stage = new Stage(plan.profile, randomInstallation(random, plan.profile), plan.faults);
    this.checks = new MomentChecks(this.stage, shape.maxClones);
    this.platform = new PlatformProcess(this.stage, this.checks);
    this.people = new People(this.stage, this.platform, shape);
    this.ci = new Ci(this.stage, this.platform, (enver) => {
      const [build, revision] = enver.split('/');
      const tag = /^t\.\.(.*)$/.exec(revision ?? '')?.[1];
      return shape.envers.find((one) => one.build === build && one.tag === tag);
    });
    this.actions = this.weighted(random);
  }

  async play(): Promise<void> {
    const steps = this.plan.steps ?? Array.from({ length: STEPS }, (_, step) => step);
    this.begin(ORG);
    await this.people.begin();
    for (const step of steps) {
      this.begin(step);
      await this.stage.deliverLateHints();
      await this.one();
      this.checks.checkRecords();
    }
    this.begin(REST);
    await this.rest();
    await new RestChecks(this.stage).check();
  }

  private begin(step: number): void {
    this.stage.begin(Math.max(step, 0), Random.stream(this.plan.seed, step));
  }

  /** One thing happens. How likely which is differs from seed to seed, so that some see much of what is rare. */
  private async one(): Promise<void> {
    const total = this.actions.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.stage.random.next() * total;
    for (const [weight, action] of this.actions) {
      left -= weight;
      if (left < 0) return void (await action());
    }
  }

  private weighted(random: Random): [weight: number, action: () => Promise<unknown>][] {
    const { people } = this;
    const { more = {} } = this.plan.profile;
    const often = (weight: number, what: Happening) =>
      weight * (random.pick([0.3, 1, 1, 3]) ?? 1) * (more[what] ?? 1);
    return [
      [30, () => this.platform.work()],
      [20, () => this.ci.work()],
      [often(6, 'quiet'), () => this.burst()],
      [often(5, 'time'), () => this.timePasses()],
      [often(8, 'push'), () => people.push()],
      [often(5, 'clone'), () => people.clone()],
      [often(2, 'delete ref'), () => people.deleteRef()],
      [often(1, 'force push'), () => people.forcePush()],
      [often(1.5, 'tag'), () => people.tag()],
      [often(3, 'decide'), () => people.decide()],
      [often(1, 'deploy'), () => people.deployByHand()],
      [often(2, 'lose value'), () => people.loseValue()],
      [often(3, 'contracts'), () => people.changeContracts()],
      [often(1, 'retire'), () => people.retire()],
      [often(2, 'pull request'), () => people.pullRequest()],
    ];
  }

  /** For a while nobody disturbs the platform and its jobs. */
  private async burst(): Promise<void> {
    for (let work = 0; work < BURST; work++) if ((await this.platform.work()) === 0) await this.ci.work();
  }

  private async timePasses(): Promise<void> {
    const { stage, platform } = this;
    const { pause = 2 } = this.plan.profile;
    // While jobs run, a pause is short: they would be given up long before they have done anything.
    const minutes = this.ci.live.length > 0 ? 2 : pause;
    stage.clock.advance(1_000 * (1 + stage.random.below(minutes * 60)));
    if (this.plan.profile.prompt) return;
    if (stage.random.chance(0.3)) await platform.attempt('sweep', (plane) => plane.sweep());
    else await platform.attempt('tick', (plane) => plane.tick());
  }

  private async rest(): Promise<void> {
    const { stage, platform } = this;
    stage.say('--- no more faults');
    stage.calm();
    await stage.deliverLateHints(true);
    await this.drain();
    if (this.plan.profile.prompt) return this.finishDeletions();
    let before = '';
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const shortest = this.behindGates.length > 0 ? 61 : 6;
      stage.clock.advance(Math.max(shortest, round === 0 ? this.longest() : 0) * 60_000);
      await platform.attempt('tick', (plane) => plane.tick());
      await platform.attempt('sweep', (plane) => plane.sweep());
      await this.drain();
      const after = this.state();
      if (after === before && this.behindGates.length === 0) return;
      // Everybody else had an hour to move, and did not.
      if (after === before && shortest > 60)
        throw new Broken(`${this.behindGates} still wait for their gates, and nothing has moved for an hour`);
      before = after;
    }
    throw new Broken('the platform does not come to rest');
  }

  /** What is being deleted may take its time, and nothing else. */
  private async finishDeletions(): Promise<void> {
    const { stage, platform } = this;
    const going = () => stage.mirror.envers.filter(({ deleting }) => deleting !== undefined);
    for (let round = 0; round < MAX_ROUNDS && going().length > 0; round++) {
      stage.clock.advance(61_000);
      for (const { id } of going()) await platform.tell({ kind: 'enver', id }, `a look at ${id}`);
      await this.drain();
    }
  }

  /** Minutes: longer than a queue remembers causes; than a clone lives, if any expires; than a run may take. */
  private longest(): number {
    const { mirror, ledger } = this.stage;
    if (ledger.silent.size > 0) return 111;
    return mirror.envers.some(({ clone }) => clone?.expiresAfterMs !== undefined) ? 26 : 6;
  }

  /** Those who are held up by nothing but others. */
  private get behindGates(): string[] {
    const { mirror, notReady } = this.stage;
    return mirror.envers.flatMap(({ id, phase, gate }) =>
      gate && phase === 'waiting' && !notReady.has(id) ? [id] : [],
    );
  }

  /** Lets everybody work until there is nothing to do. */
  private async drain(): Promise<void> {
    for (let work = 0; !this.platform.isIdle || this.ci.live.length > 0; work++) {
      if (work > MAX_WORK) throw new Broken('the platform does not come to rest');
      if ((await this.platform.work()) === 0) {
        if (this.ci.live.length > 0) await this.ci.work();
        // What is left waits for its time.
        else this.stage.clock.advance(1_000);
      }
      this.checks.checkRecords();
    }
  }

  private state(): string {
    const envers = this.stage.mirror.envers.map(
      ({ id, phase, reason, runs, approvals }) => [id, phase, reason, runs, approvals] as const,
    );
    return JSON.stringify(envers);
  }
}
