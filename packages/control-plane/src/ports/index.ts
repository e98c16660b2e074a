import type { Clock } from './clock.js';
import type { ConfigStore } from './config-store.js';
import type { EventBus } from './event-bus.js';
import type { ManifestStore } from './manifest-store.js';
import type { Notifier } from './notifier.js';
import type { RecordStore } from './record-store.js';
import type { SourceHost } from './source-host.js';
import type { StackProvisioner } from './stack-provisioner.js';
import type { WorkQueue } from './work-queue.js';

export * from './clock.js';
export * from './config-store.js';
export * from './event-bus.js';
export * from './manifest-store.js';
export * from './notifier.js';
export * from './record-store.js';
export * from './source-host.js';
export * from './stack-provisioner.js';
export * from './throttled-error.js';
export * from './work-queue.js';

/** Everything outside the domain. */
export interface Ports {
  readonly clock: Clock;
  readonly config: ConfigStore;
  readonly events: EventBus;
  readonly manifests: ManifestStore;
  readonly notifier: Notifier;
  readonly queue: WorkQueue;
  readonly records: RecordStore;
  readonly source: SourceHost;
  readonly stacks: StackProvisioner;
}
