export { configStoreConformance } from './config-store.js';
export { manifestStoreConformance } from './manifest-store.js';
export { recordStoreConformance } from './record-store.js';
export { type SourceHostBench, sourceHostConformance } from './source-host.js';
export { workQueueConformance } from './work-queue.js';
