export { AwsPlatform } from './aws/aws-platform.js';
export type { SignalSource } from './child-process.js';
export { deploy } from './commands/deploy.js';
export { destroy } from './commands/destroy.js';
export { formatPublished, type Published, type PublishedProduct, publish } from './commands/publish.js';
export { formatResolved, type Resolved, resolve } from './commands/resolve.js';
export { run } from './commands/run.js';
export { formatIdentity, type Identity, whoami } from './commands/whoami.js';
export type { JobContext } from './context.js';
export {
  type AwsPlace,
  type GitHubJob,
  type HttpPlace,
  type JobEnvironment,
  readEnvironment,
} from './environment.js';
export { CommandFailed, EXIT, exitCodeOf, type Problem, ProblemsError, TryLater } from './errors.js';
export { HttpPlatform, type HttpPlatformOptions } from './http-platform.js';
export { INPUTS_FILE, type InputsFile, inputsFileSchema } from './inputs-file.js';
export { isText, violations } from './json-schema.js';
export { type Output, type ParsedOutputs, parseOutputs } from './outputs-file.js';
export type { EnverPlatform, JobEvent, StoredValue, ValueName } from './platform.js';
export { MAX_VALUE_BYTES } from './protocol.js';
export type { RetryPolicy } from './retry.js';
