export type { JobContext } from './environment.js';
export { JobRunner, type JobRunnerOptions } from './job-runner.js';
