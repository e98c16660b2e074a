export { ACCOUNT_STACK, AccountStack, type AccountStackProps } from './account-stack.js';
export { CentralStack, type CentralStackProps } from './central/central-stack.js';
export { CENTRAL, FUNCTIONS, type FunctionName, functionName } from './central/names.js';
export { EnverCentralStack, type EnverCentralStackProps } from './enver-central-stack.js';
export { EnverStack, type EnverStackProps } from './enver-stack.js';
export type { JobSource, RepoIdentity } from './policy/build-role.js';
export type { CentralPlace } from './policy/enver.js';
export { REGION_STACK, RegionStack, type RegionStackProps } from './region-stack.js';
export { enverTemplates, type Template } from './templates.js';
