import type { Ports } from '../ports/index.js';
import type { ContractsInForce } from './contracts-in-force.js';
import type { Installation } from './control-plane.js';

/** What the domain works with, whatever contracts are in force. */
export interface Platform {
  readonly ports: Ports;
  readonly installation: Installation;
  /** The context of now. Whoever decides about a record reads the record first: contracts may only be newer. */
  context(): Promise<Context>;
}

/** The platform with the contracts that one decision is made under: they do not change while it is made. */
export interface Context extends Platform {
  readonly contracts: ContractsInForce;
}
