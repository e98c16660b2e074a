import { type EnverEntry, formatFinding } from '@ondemandenv/contracts-base';
import type { Answer, RecordWrite } from '../../ports/index.js';
import type { PlatformEvent } from '../events.js';
import { update } from '../record-writes.js';
import type { CloneCounterRecord, EnverRecord } from '../records.js';

/** What a ref's commands come to: writes that hold together or not at all, and what to tell whom. */
export class CommandPlan {
  readonly events: PlatformEvent[] = [];
  /** Why commands were not carried out. */
  readonly refusals: Answer[] = [];
  /** What was carried out; to be said once it is. */
  readonly answers: Answer[] = [];
  private readonly envers: Map<string, EnverRecord>;
  private readonly changed = new Set<string>();
  private readonly counters = new Map<string, CloneCounterRecord>();

  private readonly refused: Set<string>;
  private readonly waiting = new Set<string>();

  /**
   * @param read the envers of the ref, as stored
   * @param before builds whose clone was deleted here before, and envers whose clone waits for a place
   */
  constructor(
    read: readonly EnverRecord[],
    private readonly before: {
      readonly declined: readonly string[];
      readonly waitsForSlot: readonly string[];
    },
  ) {
    this.refused = new Set(before.declined);
    this.envers = new Map(read.map((enver) => [enver.id, enver]));
  }

  /** The clones on the ref, as earlier commands of the plan leave them. */
  get clones(): EnverRecord[] {
    return [...this.envers.values()].filter((enver) => enver.clone);
  }

  /** Builds whose clone is not wanted here. */
  get declined(): string[] {
    return [...this.refused].sort();
  }

  /** Envers of which a clone is made as soon as there is a place. */
  get waitsForSlot(): string[] {
    return [...this.waiting].sort();
  }

  /** Every place is taken: said once. */
  waitForSlot(base: EnverEntry): undefined {
    this.waiting.add(base.id);
    if (this.before.waitsForSlot.includes(base.id) || base.clones === 'off') return;
    this.say(
      `${base.id} has ${base.clones.max} clones, which is the limit: one is made here as soon as another goes`,
    );
  }

  /** Somebody said whether they want clones of these builds here. */
  decide(verb: 'create' | 'delete', builds: readonly string[]): void {
    for (const build of builds) {
      if (verb === 'delete') this.refused.add(build);
      else this.refused.delete(build);
    }
  }

  /** Whether any record is created or changed. */
  get hasEffect(): boolean {
    return this.changed.size > 0;
  }

  put(enver: EnverRecord): void {
    this.envers.set(enver.id, enver);
    this.changed.add(enver.id);
  }

  /** The counter as earlier commands of the plan leave it. */
  counter(stored: CloneCounterRecord): CloneCounterRecord {
    return this.counters.get(stored.id) ?? stored;
  }

  count(counter: CloneCounterRecord): void {
    this.counters.set(counter.id, { ...counter, count: counter.count + 1 });
  }

  get writes(): RecordWrite[] {
    const envers = [...this.changed].flatMap((id) => this.envers.get(id) ?? []);
    const counters = [...this.counters.values()];
    return [
      ...envers.map(update),
      ...counters.map((counter) => ({
        put: { ...counter, version: counter.version + 1 },
        expect: counter.version,
      })),
    ];
  }

  say(message: string): void {
    this.answers.push({ level: 'info', message });
  }

  refuse(code: string, where: string, message: string, fix: string): void {
    this.refusals.push({ level: 'error', message: formatFinding({ code, where, message, fix }) });
  }
}
