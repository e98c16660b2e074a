import type { Fault } from './faults.js';
import { type Outcome, type Plan, SIZE, STEPS, simulate } from './simulation.js';

const ORGS = Array.from({ length: SIZE - 1 }, (_, n) => n + 2);
const MAX_TRIES = 600;

/** A plan that breaks the same rule, from which nothing more can be left out: steps, kinds of faults, envers. */
export class Shrinker {
  private tries = 0;

  private constructor(
    private plan: Required<Plan>,
    private outcome: Outcome,
    private readonly progress: (text: string) => void,
    private readonly play: typeof simulate,
  ) {}

  static async shrink(
    plan: Plan,
    outcome: Outcome,
    progress: (text: string) => void = () => {},
    play = simulate,
  ): Promise<{ plan: Required<Plan>; outcome: Outcome }> {
    const whole = {
      size: SIZE,
      steps: Array.from({ length: STEPS }, (_, step) => step),
      faults: Object.keys(plan.profile.rates) as Fault[],
      ...plan,
    };
    const shrinker = new Shrinker(whole, outcome, progress, play);
    for (const size of ORGS) if (size < whole.size && (await shrinker.accepts({ ...whole, size }))) break;
    await shrinker.withoutSteps();
    for (const fault of whole.faults) await shrinker.withoutFault(fault);
    await shrinker.withoutSteps();
    return { plan: shrinker.plan, outcome: shrinker.outcome };
  }

  private async withoutFault(fault: Fault): Promise<void> {
    const faults = this.plan.faults.filter((other) => other !== fault);
    await this.accepts({ ...this.plan, faults });
  }

  /** Leaves out ever smaller parts of the schedule. */
  private async withoutSteps(): Promise<void> {
    for (let length = this.plan.steps.length >> 1; length >= 1; length >>= 1)
      for (let from = 0; from < this.plan.steps.length; ) {
        const { steps } = this.plan;
        const left = [...steps.slice(0, from), ...steps.slice(from + length)];
        if (!(await this.accepts({ ...this.plan, steps: left }))) from += length;
      }
  }

  /** Keeps the smaller plan if the same rule is broken. */
  private async accepts(plan: Required<Plan>): Promise<boolean> {
    if (this.tries >= MAX_TRIES) return false;
    this.tries += 1;
    const outcome = await this.play(plan);
    if (ruleOf(outcome) !== ruleOf(this.outcome)) return false;
    this.plan = plan;
    this.outcome = outcome;
    this.progress(`shrinking: ${plan.steps.length} steps, ${plan.faults.length} kinds of faults`);
    return true;
  }
}

/** What was broken, whatever it was broken for. */
function ruleOf({ broken }: Outcome): string | undefined {
  return broken
    ?.replace(/\([^)]*\)/g, '')
    .replace(/\S*[/#\d]\S*/g, '…')
    .replace(/(… ?,? ?)+/g, '…');
}
