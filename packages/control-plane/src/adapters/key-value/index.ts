import type { Clock } from '../../ports/clock.js';
import { KeyValueConfigStore } from './config-store.js';
import { KeyValueEventLog } from './event-log.js';
import type { KeyValue } from './key-value.js';
import { KeyValueManifestStore } from './manifest-store.js';
import { KeyValueRecordStore } from './record-store.js';
import { KeyValueWorkQueue } from './work-queue.js';

export type { LoggedEvent } from './event-log.js';
export type { KeyValue } from './key-value.js';

/** The ports that need nothing but a place to keep data. */
export function keyValuePorts(kv: KeyValue, clock: Clock) {
  return {
    config: new KeyValueConfigStore(kv),
    events: new KeyValueEventLog(kv, clock),
    manifests: new KeyValueManifestStore(kv),
    queue: new KeyValueWorkQueue(kv, clock),
    records: new KeyValueRecordStore(kv),
  };
}
