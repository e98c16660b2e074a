export { processAlive } from './process-group.js';
export { type GuardedCommand, type GuardedProcess, type ProcessEnd, spawnGuarded } from './spawn-guarded.js';
