import { setTimeout as delay } from 'node:timers/promises';
import { formatError } from '@ondemandenv/contracts-base';
import {
  ConflictError,
  type ControlPlane,
  type Delivery,
  groupOf,
  ThrottledError,
  type Work,
  type WorkQueue,
} from '@ondemandenv/control-plane';
import { forLog } from './for-log.js';

export interface WorkerOptions {
  readonly queue: WorkQueue;
  readonly controlPlane: Pick<ControlPlane, 'handle' | 'tick' | 'sweep'>;
  /** One line about a failure, for whoever runs the platform. */
  readonly log: (line: string) => void;
  /**
   * Groups of work that are handled at the same time.
   * @default 4
   */
  readonly concurrency?: number;
  /**
   * How often it looks whether anything is due, in milliseconds.
   * @default 1_000
   */
  readonly tickMs?: number;
  /**
   * How often it looks at everything, in milliseconds.
   * @default 60_000
   */
  readonly sweepMs?: number;
}

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 30_000;

/** The loop that carries out queued work: what the queue's Lambda and the schedules are in the cloud. */
export class Worker {
  private readonly stopping = new AbortController();
  private readonly inFlight = new Set<Promise<void>>();
  private readonly troubles = new Map<string, string>();
  private wakeUp: () => void = () => {};
  private woken = false;
  private loops: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: WorkerOptions) {}

  start(): void {
    const { controlPlane, tickMs = 1_000, sweepMs = 60_000 } = this.options;
    this.loops = Promise.all([
      this.work(),
      this.every(tickMs, 'tick', () => controlPlane.tick()),
      this.every(sweepMs, 'sweep', () => controlPlane.sweep()),
    ]);
  }

  /** There may be work: it looks at once. */
  wake(): void {
    this.woken = true;
    this.wakeUp();
  }

  /** Why this work did not succeed so far, while it is being tried again. */
  trouble(work: Work): string | undefined {
    return this.troubles.get(groupOf(work));
  }

  /** Takes no more work and resolves when the current one is done. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loops;
    await Promise.all(this.inFlight);
  }

  private async work(): Promise<void> {
    const { queue, concurrency = 4, tickMs = 1_000, log } = this.options;
    while (!this.stopping.signal.aborted) {
      this.woken = false;
      const deliveries = await queue.receive(concurrency - this.inFlight.size).catch((error) => {
        log(`the queue cannot be read: ${forLog(error)}`);
        return [];
      });
      for (const delivery of deliveries) this.begin(delivery);
      // Work that is to be tried again gets due without anybody sending anything.
      if (deliveries.length === 0) await this.idle(tickMs);
    }
  }

  private begin(delivery: Delivery): void {
    const run = this.carryOut(delivery).finally(() => {
      this.inFlight.delete(run);
      this.wake();
    });
    this.inFlight.add(run);
  }

  private async carryOut(delivery: Delivery): Promise<void> {
    const { queue, controlPlane, log } = this.options;
    const group = groupOf(delivery.work);
    try {
      await controlPlane.handle(delivery.work);
      await queue.done(delivery);
      this.troubles.delete(group);
    } catch (error) {
      const wait = retryDelay(error, delivery.attempt);
      if (!(error instanceof ConflictError)) {
        this.troubles.set(group, formatError(error));
        log(`${group} failed (attempt ${delivery.attempt}), next in ${wait} ms: ${forLog(error)}`);
      }
      await queue.retry(delivery, wait).catch((failure) => log(`${group}: ${forLog(failure)}`));
    }
  }

  private async every(ms: number, name: string, act: () => Promise<void>): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await act().catch((error) => this.options.log(`the ${name} failed: ${forLog(error)}`));
      await delay(ms, undefined, { signal }).catch(() => undefined);
    }
  }

  private idle(ms: number): Promise<void> {
    if (this.woken) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Somebody else was faster: at once, a few times. Anything else: ever later. */
function retryDelay(error: unknown, attempt: number): number {
  if (error instanceof ConflictError && attempt <= 10) return 0;
  if (error instanceof ThrottledError) return error.retryAfterMs;
  return Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS);
}

/** The queue, with a word to `sent` whenever something was sent. */
export function observed(queue: WorkQueue, sent: () => void): WorkQueue {
  return {
    send: async (work, cause) => {
      await queue.send(work, cause);
      sent();
    },
    sendMany: async (hints) => {
      await queue.sendMany(hints);
      sent();
    },
    receive: (max) => queue.receive(max),
    done: (delivery) => queue.done(delivery),
    retry: (delivery, delayMs) => queue.retry(delivery, delayMs),
  };
}
