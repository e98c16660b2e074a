export { type KeyValue, keyValuePorts, type LoggedEvent } from './adapters/key-value/index.js';
export type { Decision } from './domain/approvals.js';
export type { ControlPlane, Installation } from './domain/control-plane.js';
export { createControlPlane } from './domain/create-control-plane.js';
export { type EventType, eventSchemas, type PlatformEvent } from './domain/events.js';
export { createIntake, type Intake, type IntakePorts } from './domain/intake.js';
export type * from './domain/records.js';
export * from './ports/index.js';
export * from './user-api/index.js';
