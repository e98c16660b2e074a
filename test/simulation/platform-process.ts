import {
  ConflictError,
  type ControlPlane,
  createControlPlane,
  type Delivery,
  keyValuePorts,
  type Ports,
  ThrottledError,
  type Work,
} from '@ondemandenv/control-plane';
import { LaggingRecordStore } from '@ondemandenv/control-plane/memory';
import type { MomentChecks } from './moment-checks.js';
import type { Stage } from './stage.js';

/** The process died: whatever it was doing is not done. */
class Crash extends Error {}
/** What a port did is done, and nobody knows. */
class AnswerLost extends Error {}

const MAX_LAG_MS = 5_000;
const RETRY_MS = 1_000;
/** Messages of different groups come in any order; this many are there to choose from. */
const LOOKED_AT = 8;

/** The platform as one process that may die at any port call, and is started again. */
export class PlatformProcess {
  plane: ControlPlane;
  private readonly records: LaggingRecordStore;
  private life = { over: false };
  private queue: ReturnType<typeof keyValuePorts>['queue'];

  constructor(
    private readonly stage: Stage,
    private readonly checks: MomentChecks,
  ) {
    this.records = new LaggingRecordStore(stage.records, stage.clock, MAX_LAG_MS, () => stage.lags);
    this.queue = keyValuePorts(stage.kv, stage.clock).queue;
    this.plane = this.start();
  }

  get isIdle(): boolean {
    return this.queue.size() === 0;
  }

  /** Tells the platform where to look; the queue is outside of it. */
  async tell(work: Work, what: string): Promise<void> {
    await this.stage.hint(what, () => this.queue.send(work, this.stage.cause(what)));
  }

  /** Handles up to three messages at the same time. @returns how many */
  async work(): Promise<number> {
    const { random } = this.stage;
    const ready = random.shuffled(await this.queue.receive(LOOKED_AT));
    const taken = ready.slice(0, 1 + random.below(3));
    for (const other of ready.slice(taken.length)) await this.queue.retry(other, 0);
    const { queue } = this;
    this.stage.mirror.beginTurn();
    await Promise.all(taken.map((delivery) => this.handle(queue, delivery)));
    this.startIfOver();
    return taken.length;
  }

  /** Something that nobody repeats when it goes wrong: a tick, a sweep, an event, a person's request. */
  async attempt(what: string, action: (plane: ControlPlane) => Promise<void>): Promise<void> {
    this.stage.say(what);
    try {
      await action(this.plane);
    } catch (error) {
      this.note(what, error);
    }
    this.startIfOver();
  }

  private async handle(queue: PlatformProcess['queue'], delivery: Delivery): Promise<void> {
    const { stage } = this;
    const what = describe(delivery.work);
    const times = stage.strikes('overlapping') ? 2 : 1;
    stage.say(times === 2 ? `handle ${what} twice at once` : `handle ${what}`);
    const handlers = Array.from({ length: times }, () => this.plane.handle(delivery.work));
    const results = await Promise.allSettled(handlers);
    const failed = results.filter((result) => result.status === 'rejected');
    for (const { reason } of failed) this.note(what, reason);
    if (this.life.over) return;
    const waits = failed.map(({ reason }) => (reason instanceof ThrottledError ? reason.retryAfterMs : 0));
    if (failed.length > 0) return queue.retry(delivery, Math.max(...waits));
    if (stage.strikes('redelivered')) return queue.retry(delivery, 0);
    return queue.done(delivery);
  }

  private note(what: string, error: unknown): void {
    const expected = [Crash, AnswerLost, ConflictError, ThrottledError];
    if (!(error instanceof Error) || !expected.some((known) => error instanceof known)) throw error;
    this.stage.say(`  ${what} is interrupted: ${error.message}`);
  }

  private startIfOver(): void {
    if (!this.life.over) return;
    this.stage.say('  the platform starts again');
    this.plane = this.start();
  }

  /** A new process: what was in flight is delivered again. */
  private start(): ControlPlane {
    const { stage } = this;
    this.life = { over: false };
    this.queue = keyValuePorts(stage.kv, stage.clock).queue;
    const { outside } = stage;
    const ports: Ports = {
      clock: outside.clock,
      config: this.faulty('config', outside.config),
      events: this.faulty('events', outside.events),
      manifests: this.faulty('manifests', outside.manifests),
      notifier: this.faulty('notifier', outside.notifier),
      queue: this.faulty('queue', this.queue),
      records: this.faulty('records', this.records),
      source: this.faulty('source', outside.source, {
        prepare: (entry) => stage.notReady.prepare(outside.source, entry),
      }),
      stacks: this.faulty('stacks', stage.notReady.stacks(outside.stacks)),
    };
    return createControlPlane(ports, stage.installation);
  }

  /** @param instead methods that stand for those of the port */
  private faulty<T extends object>(port: keyof Ports, target: T, instead: Partial<T> = {}): T {
    const { life } = this;
    return new Proxy(target, {
      get: (object, name) => {
        const value = Reflect.get(instead, name) ?? Reflect.get(object, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const take = () => Reflect.apply(value, object, args);
          // Scans are read without faults, apart from being stale.
          return name === 'all' ? take() : this.call(life, `${port}.${String(name)}`, args, take);
        };
      },
    });
  }

  private async call(
    life: { over: boolean },
    name: string,
    args: readonly unknown[],
    take: () => unknown,
  ): Promise<unknown> {
    const { stage } = this;
    // Lets other handlers of the same process run in between, in an order the seed decides.
    for (let turns = stage.random.below(3); turns > 0; turns--) await Promise.resolve();
    if (life.over) throw new Crash('the process is gone');
    const checked = () => {
      this.checks.before(name, args);
      return take();
    };
    if (stage.strikes('crash')) {
      life.over = true;
      const after = stage.random.chance(0.5);
      if (after) await checked();
      throw new Crash(`crash ${after ? 'after' : 'before'} ${name}`);
    }
    if (stage.strikes('throttled')) throw new ThrottledError(`${name} is throttled`, RETRY_MS);
    if (name === 'records.transact' && stage.strikes('conflict'))
      throw new ConflictError('nobody was faster');
    if (stage.strikes('answer lost')) {
      await checked();
      throw new AnswerLost(`the answer of ${name} is lost`);
    }
    return checked();
  }
}

function describe(work: Work): string {
  if (work.kind === 'enver') return work.id;
  if (work.kind === 'sync') return 'sync';
  return `${work.kind === 'report' ? 'report ' : ''}${work.repo} ${work.ref}`;
}
