export { canonicalJson, canonicalJsonPretty, sha256 } from './canonical-json.js';
export * from './constructs/index.js';
export * from './diff/index.js';
export { formatError, formatFinding, OdmdError } from './errors.js';
export * from './graph/index.js';
export * from './manifest/index.js';
export * from './naming/index.js';
export * from './plan/index.js';
export { type Finding, type Rule, rules } from './rules/index.js';
export {
  type DeployedState,
  type DispatchState,
  deployedStateSchema,
  dispatchStateSchema,
  type InputVector,
  inputVectorSchema,
  inputVersion,
  parseInputVersion,
} from './state/vector.js';
