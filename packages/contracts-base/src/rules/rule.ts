import type { Contracts } from '../constructs/contracts.js';

/** One broken rule at one place. */
export interface Finding {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** The construct or setting, as a person would name it: `enver order-manager/b..main`. */
  readonly where: string;
  /** What is wrong, with the value. */
  readonly message: string;
  /** What to change. */
  readonly fix: string;
}

/** A law of contracts: it looks at the whole and names every place that breaks it. */
export interface Rule {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One line for the reference page. */
  readonly title: string;
  check(contracts: Contracts): Iterable<Breach>;
}

/** What a rule says of one place; the rule itself adds its code and severity. */
export type Breach = Pick<Finding, 'where' | 'message' | 'fix'>;
