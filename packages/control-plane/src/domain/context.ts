import type { Ports } from '../ports/index.js';
import type { ContractsInForce } from './contracts-in-force.js';
import type { Installation } from './control-plane.js';

/** What every part of the domain works with. */
export interface Context {
  readonly ports: Ports;
  readonly contracts: ContractsInForce;
  readonly installation: Installation;
}
