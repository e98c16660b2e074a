import type { PlatformEvent } from '../../domain/events.js';
import type { Clock } from '../../ports/clock.js';
import type { EventBus } from '../../ports/event-bus.js';
import type { KeyValue } from './key-value.js';

const EVENTS = 'event/';
const KEPT_EVENTS = 10_000;

export type LoggedEvent = PlatformEvent & {
  /** Counts up by one per event. */
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly at: number;
};

/** An `EventBus` that keeps the newest 10,000 events for readers to catch up on. */
export class KeyValueEventLog implements EventBus {
  constructor(
    private readonly kv: KeyValue,
    private readonly clock: Clock,
  ) {}

  async publish(events: readonly PlatformEvent[]): Promise<void> {
    this.kv.transaction(() => {
      let seq = this.kv.get<number>('event-sequence') ?? 0;
      for (const event of events) {
        seq += 1;
        this.kv.set(eventKey(seq), { ...event, seq, at: this.clock.now() });
        this.kv.delete(eventKey(seq - KEPT_EVENTS));
      }
      this.kv.set('event-sequence', seq);
    });
  }

  /** The events after `seq`, oldest first. */
  since(seq: number): LoggedEvent[] {
    const after = eventKey(seq);
    return this.kv
      .range<LoggedEvent>(EVENTS)
      .filter(({ key }) => key > after)
      .map(({ value }) => value);
  }
}

function eventKey(seq: number): string {
  return EVENTS + String(seq).padStart(15, '0');
}
