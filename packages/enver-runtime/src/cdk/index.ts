export { EnverApp, type EnverAppProps } from './enver-app.js';
export { EnverStack, type EnverStackProps } from './enver-stack.js';
export { physicalName } from './physical-name.js';
export type { Surroundings } from './surroundings.js';
