import type { PlatformEvent } from '../domain/events.js';

/** Announces what happened, for the org's own rules and for the console (EventBridge in production). */
export interface EventBus {
  publish(events: readonly PlatformEvent[]): Promise<void>;
}
