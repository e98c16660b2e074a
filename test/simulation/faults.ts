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
} as const;

export type Fault = keyof typeof FAULTS;
/** The probability of each fault where it can strike; none for those left out. */
export type Rates = Readonly<Partial<Record<Fault, number>>>;

export interface Profile {
  readonly name: string;
  readonly rates: Rates;
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
