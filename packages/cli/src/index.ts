export { type Listener, type LoadedContracts, loadContracts, synthesize } from './app.js';
export { ExitCode } from './exit.js';
export { createProgram, run } from './program.js';
export type { Terminal } from './terminal.js';
