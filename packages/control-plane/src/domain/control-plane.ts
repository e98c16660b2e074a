import type { EnverEntry, Manifest } from '@ondemandenv/contracts-base';
import type { Work } from '../ports/index.js';
import type { EnverRecord } from './records.js';

/** Where the platform is installed: the one enver it knows before any contracts were published. */
export interface Installation {
  /** The entry of the contractsLib's enver, as the contracts themselves will have to declare it. */
  readonly contractsLib: EnverEntry;
}

/** The platform's domain behind its ports. Every method is idempotent and safe to repeat. */
export interface ControlPlane {
  /** Carries out one hint. */
  handle(work: Work): Promise<void>;
  /** A product was written: enqueues those who may have to react. `contractsLibLatest` enqueues the sync. */
  productsPublished(paths: readonly string[], cause: string): Promise<void>;
  /** Enqueues every enver whose time has come. */
  tick(): Promise<void>;
  /** Enqueues everything that events may have failed to: refs whose head moved, every enver, the sync. */
  sweep(): Promise<void>;
  /** Deploys an enver with the newest values, whatever it waits for or failed with. */
  deploy(enverId: string, by: string): Promise<void>;
  /** The contract entry in force of an enver or clone; `undefined` when the contracts do not have it. */
  entry(enverId: string): Promise<EnverEntry | undefined>;
  /** The contracts in force; `undefined` before the first sync. */
  manifest(): Promise<Manifest | undefined>;
  envers(): Promise<EnverRecord[]>;
}
