export { configStoreConformance } from './config-store.js';
export { type EventBusBench, eventBusConformance } from './event-bus.js';
export { manifestStoreConformance } from './manifest-store.js';
export { type NotifierBench, notifierConformance } from './notifier.js';
export { recordStoreConformance } from './record-store.js';
export { type SourceHostBench, sourceHostConformance } from './source-host.js';
export { type StackProvisionerBench, stackProvisionerConformance } from './stack-provisioner.js';
export { type WorkQueueBench, workQueueConformance } from './work-queue.js';
