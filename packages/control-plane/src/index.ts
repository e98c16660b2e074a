export type { ControlPlane, Installation } from './domain/control-plane.js';
export { type EventType, eventSchemas, type PlatformEvent } from './domain/events.js';
export type * from './domain/records.js';
export {
  type DeployedState,
  type DispatchState,
  deployedStateSchema,
  dispatchStateSchema,
  type InputVector,
  inputVectorSchema,
  inputVersion,
  parseInputVersion,
} from './domain/vector.js';
export * from './ports/index.js';
