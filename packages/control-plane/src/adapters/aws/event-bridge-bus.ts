import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_BUS, OdmdError } from '@ondemandenv/contracts-base';
import type { PlatformEvent } from '../../domain/events.js';
import type { EventBus } from '../../ports/event-bus.js';
import { inParts, patient } from './throttling.js';

/** Entries per call of PutEvents. */
const ENTRIES_PER_CALL = 10;

/** The platform's own events on the bus of the central account. */
export class EventBridgeBus implements EventBus {
  constructor(
    private readonly eventBridge: EventBridgeClient,
    private readonly bus: string = EVENT_BUS,
  ) {}

  async publish(events: readonly PlatformEvent[]): Promise<void> {
    for (const part of inParts(events, ENTRIES_PER_CALL)) {
      const Entries = part.map(({ type, detail }) => ({
        EventBusName: this.bus,
        Source: 'odmd',
        DetailType: type,
        Detail: JSON.stringify(detail),
      }));
      const answer = await patient(() => this.eventBridge.send(new PutEventsCommand({ Entries })));
      const refused = (answer.Entries ?? []).filter(({ ErrorCode }) => ErrorCode !== undefined);
      if (refused.length === 0) continue;
      const reasons = refused.map(({ ErrorCode, ErrorMessage }) => `${ErrorCode}: ${ErrorMessage}`);
      throw new OdmdError('ODMD420', `the event bus ${this.bus} did not take ${refused.length} events`, {
        where: [...new Set(reasons)].join('; '),
        fix: 'they are sent again with the next attempt; look at the rights of the platform when it goes on',
      });
    }
  }
}
