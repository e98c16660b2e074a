export { LaggingRecordStore } from './lagging-record-store.js';
export { MemoryKeyValue } from './memory-key-value.js';
export { ManualClock, MemoryNotifier, MemoryProvisioner, memoryPorts } from './memory-ports.js';
export { MemorySourceHost } from './memory-source-host.js';
