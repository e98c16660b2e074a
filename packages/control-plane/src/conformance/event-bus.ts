import { describe, expect, it } from 'vitest';
import type { PlatformEvent } from '../domain/events.js';
import type { EventBus } from '../ports/index.js';

export interface EventBusBench {
  readonly bus: EventBus;
  /** What subscribers of the bus have received so far. */
  received(): Promise<readonly PlatformEvent[]>;
}

/** What every `EventBus` must do. `make` gives one that nothing was published on. */
export function eventBusConformance(name: string, make: () => Promise<EventBusBench>): void {
  describe(`EventBus: ${name}`, () => {
    it('delivers every event of a call, also more than ten, with its whole detail', async () => {
      const { bus, received } = await make();
      const events = Array.from({ length: 25 }, (_, n): PlatformEvent => {
        return {
          type: 'EnverFailed',
          detail: { enver: `功能/${n}`, dispatchId: `d-${n}`, reason: '"\n$(id)' },
        };
      });
      await bus.publish(events);
      const plain = (await received()).map(({ type, detail }) => ({ type, detail }));
      expect(plain).toHaveLength(25);
      expect(plain).toEqual(expect.arrayContaining(events));
    });

    it('takes an empty list', async () => {
      const { bus, received } = await make();
      await bus.publish([]);
      expect(await received()).toEqual([]);
    });
  });
}
