import type { Clock } from '../../ports/clock.js';
import { type Delivery, groupOf, type Hint, type Work, type WorkQueue } from '../../ports/work-queue.js';
import type { KeyValue } from './key-value.js';

const MESSAGES = 'queue/message/';
const CAUSES = 'queue/cause/';
const SEQUENCE = 'queue/sequence';
/** As long as SQS remembers a deduplication id. */
const DEDUPLICATION_MS = 5 * 60_000;

interface Message {
  readonly work: Work;
  readonly attempt: number;
  readonly notBefore: number;
}

/**
 * A `WorkQueue` over a `KeyValue`. Which deliveries are in flight is known to the process alone: after a crash
 * every message that was not done is delivered again.
 */
export class KeyValueWorkQueue implements WorkQueue {
  private readonly inFlight = new Map<string, string>();

  constructor(
    private readonly kv: KeyValue,
    private readonly clock: Clock,
  ) {}

  async send(work: Work, cause: string): Promise<void> {
    this.kv.transaction(() => {
      const now = this.clock.now();
      const causeKey = `${CAUSES}${groupOf(work)} ${cause}`;
      const seen = this.kv.get<number>(causeKey);
      if (seen !== undefined && now - seen < DEDUPLICATION_MS) return;
      this.forgetOldCauses(now);
      this.kv.set(causeKey, now);
      const sequence = (this.kv.get<number>(SEQUENCE) ?? 0) + 1;
      this.kv.set(SEQUENCE, sequence);
      const message: Message = { work, attempt: 1, notBefore: now };
      this.kv.set(MESSAGES + String(sequence).padStart(15, '0'), message);
    });
  }

  async sendMany(hints: readonly Hint[]): Promise<void> {
    for (const { work, cause } of hints) await this.send(work, cause);
  }

  async receive(max: number): Promise<Delivery[]> {
    const now = this.clock.now();
    const busy = new Set(this.inFlight.values());
    const deliveries: Delivery[] = [];
    for (const { key, value } of this.kv.range<Message>(MESSAGES)) {
      if (deliveries.length >= max) break;
      const group = groupOf(value.work);
      if (busy.has(group)) continue;
      busy.add(group);
      if (value.notBefore > now) continue;
      this.inFlight.set(key, group);
      deliveries.push({ work: value.work, receipt: key, attempt: value.attempt });
    }
    return deliveries;
  }

  async done(delivery: Delivery): Promise<void> {
    this.kv.delete(delivery.receipt);
    this.inFlight.delete(delivery.receipt);
  }

  async retry(delivery: Delivery, delayMs: number): Promise<void> {
    const message: Message = {
      work: delivery.work,
      attempt: delivery.attempt + 1,
      notBefore: this.clock.now() + delayMs,
    };
    this.kv.set(delivery.receipt, message);
    this.inFlight.delete(delivery.receipt);
  }

  /** Messages that are not done, those in flight included. */
  size(): number {
    return this.kv.range(MESSAGES).length;
  }

  /** Whether a message of this group is not done yet. */
  has(group: string): boolean {
    return this.kv.range<Message>(MESSAGES).some(({ value }) => groupOf(value.work) === group);
  }

  private forgetOldCauses(now: number): void {
    const causes = this.kv.range<number>(CAUSES);
    if (causes.length < 1_000) return;
    for (const { key, value } of causes) if (now - value >= DEDUPLICATION_MS) this.kv.delete(key);
  }
}
