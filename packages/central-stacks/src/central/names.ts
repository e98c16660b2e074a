/** What the platform's own resources in the central account are called; each begins with `odmd`. */
export const CENTRAL = {
  stack: 'odmd-central',
  table: 'odmd-records',
  queue: 'odmd-work.fifo',
  deadLetters: 'odmd-work-dead.fifo',
  appSecret: 'odmd-github-app',
  alarms: 'odmd-alarms',
  dashboard: 'odmd',
  /** The role in which the provisioner's function runs: the one that every account lets in. */
  provisionerRole: 'odmd-provisioner-function',
} as const;

/** What the functions log where a person may have to look: alarms count it. */
export const LOGGED = {
  webhookRefused: 'a webhook was not taken',
  /** Code of the error that GitHub does not start a job. */
  notDispatched: 'ODMD434',
} as const;

/** The functions of the platform. */
export const FUNCTIONS = ['ingress', 'intake', 'reconciler', 'provisioner', 'schedule', 'api'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

export function functionName(name: FunctionName): string {
  return `odmd-${name}`;
}
