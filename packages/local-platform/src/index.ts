export type { Connection, EnverStatus, PlatformStatus } from './api-types.js';
export type { LocalPlatformOptions } from './options.js';
export { type LocalPlatform, startLocalPlatform } from './platform.js';
export type { PortRange, ServiceState } from './services/index.js';
