export { requestSchemas } from './requests.js';
export { type DetailedEnver, detailedEnver, platformStatus, type StatusSources } from './status.js';
export type { EnverStatus, PlatformStatus, UnprotectedEnver } from './status-types.js';
