/** What may go wrong, and what each of it means. */
export const FAULTS = {
  crash: 'the process dies before or after a port call',
  conflict: 'a conditional write fails although nobody else wrote',
  throttled: 'a port call is refused: too many requests',
  'answer lost': 'a port call takes effect, and its caller sees an error',
  'stale index': 'reads by index miss what was written lately, for a while',
  'lost hint': 'a hint from outside never arrives',
  'doubled hint': 'a hint from outside comes twice',
  'late hint': 'a hint from outside comes later, after newer ones',
  redelivered: 'a message that was handled is delivered again',
  overlapping: 'a message is delivered again while it is being handled',
  'failed job': 'a job fails, before or after it has published',
  'lost job': 'the runner of a job dies',
  'silent job': 'a job stops and nobody is ever told',
  'lost value': 'a value is deleted from the config store by hand',
  'not ready': 'the roles of an enver cannot be made, or its workflow is not there, for a while or for good',
} as const;

export type Fault = keyof typeof FAULTS;
/** The probability of each fault where it can strike; none for those left out. */
export type Rates = Readonly<Partial<Record<Fault, number>>>;

/** What happens in an org, apart from the platform and its jobs doing what there is to do. */
export type Happening =
  | 'quiet'
  | 'time'
  | 'push'
  | 'clone'
  | 'delete ref'
  | 'force push'
  | 'tag'
  | 'decide'
  | 'deploy'
  | 'lose value'
  | 'contracts'
  | 'retire'
  | 'pull request';

export interface Profile {
  readonly name: string;
  readonly rates: Rates;
  /** How much more of something happens than elsewhere. */
  readonly more?: Readonly<Partial<Record<Happening, number>>>;
  /** How many of the uses need an approval. @default 0.12 */
  readonly approvals?: number;
  /** Nothing happens for up to so many minutes at a time. @default 2 */
  readonly pause?: number;
  /** Everything has to come about by hints alone: neither tick nor sweep helps. */
  readonly prompt?: true;
}

const hints: Rates = { 'lost hint': 0.2, 'doubled hint': 0.2, 'late hint': 0.25 };
const deliveries: Rates = { redelivered: 0.1, overlapping: 0.1 };
const jobs: Rates = { 'failed job': 0.1, 'lost job': 0.05 };

export const PROFILES: readonly Profile[] = [
  { name: 'prompt', rates: {}, prompt: true },
  { name: 'hints', rates: { ...hints, ...deliveries } },
  { name: 'jobs', rates: { ...jobs, 'failed job': 0.2, 'silent job': 0.02 } },
  {
    name: 'outside',
    rates: { 'stale index': 0.05, throttled: 0.01, 'answer lost': 0.01, 'lost value': 0.8 },
  },
  {
    name: 'interrupted',
    // What is throttled is tried again later: until then others see it half done.
    rates: { crash: 0.02, throttled: 0.04 },
    more: { contracts: 3, push: 4, time: 3, quiet: 3 },
  },
  { name: 'approvals', rates: {}, prompt: true, approvals: 0.4, more: { push: 3, decide: 2, quiet: 3 } },
  { name: 'losses', rates: { 'lost value': 0.9 }, more: { 'lose value': 6, quiet: 2 } },
  {
    name: 'not ready',
    rates: { 'not ready': 0.15, 'late hint': 0.1 },
    more: { time: 2, quiet: 2 },
    pause: 40,
  },
  {
    name: 'everything',
    rates: {
      ...hints,
      ...deliveries,
      ...jobs,
      crash: 0.01,
      conflict: 0.03,
      throttled: 0.005,
      'answer lost': 0.005,
      'stale index': 0.05,
      'silent job': 0.01,
      'lost value': 0.3,
    },
  },
];
