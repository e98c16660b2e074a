import type { Installation } from '@ondemandenv/control-plane';
import { ManualClock, MemoryKeyValue, memoryPorts } from '@ondemandenv/control-plane/memory';
import { ContractBook } from './contract-book.js';
import { FAULTS, type Fault, type Profile, type Rates } from './faults.js';
import { Ledger } from './ledger.js';
import { Mirror, mirrored } from './mirror.js';
import { NotReady } from './not-ready.js';
import { Random } from './random.js';

/** Hints from outside are late by up to this many things that happen meanwhile. */
const MAX_LATE = 12;
/** Indexes that begin to lag go on to do so for up to this many things that happen meanwhile. */
const MAX_LAGGING = 15;

/** What a schedule plays on: time, stores, chance, and the record of what has happened. */
export class Stage {
  readonly clock = new ManualClock(1_000_000);
  readonly kv = new MemoryKeyValue();
  readonly outside: ReturnType<typeof memoryPorts> = memoryPorts(this.clock, this.kv);
  readonly mirror = new Mirror();
  readonly records = mirrored(this.outside.records, this.mirror);
  readonly contracts = new ContractBook(this.mirror);
  readonly ledger = new Ledger();
  readonly notReady = new NotReady(this);
  readonly trace: string[] = [];
  readonly counts = new Map<Fault, number>();
  /** Decides what happens next; each step of a schedule has a stream of its own. */
  random = new Random(0);
  private causes = 0;
  private step = 0;
  private lagsUntil = -1;
  private rates: Rates;
  private late: { due: number; what: string; send: () => Promise<void> }[] = [];

  constructor(
    profile: Profile,
    readonly installation: Installation,
    private readonly allowed: readonly Fault[] = Object.keys(FAULTS) as Fault[],
  ) {
    this.rates = profile.rates;
  }

  /** Whether this fault strikes now. A fault that is not allowed leaves what else happens as it was. */
  strikes(fault: Fault): boolean {
    const rate = this.rates[fault];
    if (rate === undefined || !this.random.chance(rate) || !this.allowed.includes(fault)) return false;
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    return true;
  }

  /** Whether reads by index miss what was written lately. */
  get lags(): boolean {
    return this.step <= this.lagsUntil;
  }

  calm(): void {
    this.rates = {};
    this.notReady.calm();
    this.lagsUntil = -1;
  }

  say(text: string): void {
    this.trace.push(text);
  }

  cause(what: string): string {
    return `${what} ${++this.causes}`;
  }

  begin(step: number, random: Random): void {
    this.step = step;
    this.random = random;
    if (!this.lags && this.strikes('stale index')) {
      this.lagsUntil = step + random.below(MAX_LAGGING);
      this.say('  (indexes begin to lag)');
    }
  }

  /** Somebody outside tells the platform; or not, or twice, or later. */
  async hint(what: string, send: () => Promise<void>): Promise<void> {
    if (this.strikes('lost hint')) return this.say(`  (the hint of ${what} is lost)`);
    const times = this.strikes('doubled hint') ? 2 : 1;
    if (times === 2) this.say(`  (the hint of ${what} comes twice)`);
    for (let n = 0; n < times; n++)
      if (this.strikes('late hint'))
        this.late.push({ due: this.step + 1 + this.random.below(MAX_LATE), what, send });
      else await send();
  }

  async deliverLateHints(all = false): Promise<void> {
    const due = this.late.filter((hint) => all || hint.due <= this.step);
    this.late = this.late.filter((hint) => !due.includes(hint));
    for (const { what, send } of this.random.shuffled(due)) {
      this.say(`late hint: ${what}`);
      await send();
    }
  }
}
