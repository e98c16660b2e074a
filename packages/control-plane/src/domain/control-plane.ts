import type {
  AccountRole,
  EnverEntry,
  Manifest,
  ManifestRepo,
  RevisionRef,
} from '@ondemandenv/contracts-base';
import type { Answer, Work } from '../ports/index.js';
import type { Decision } from './approvals.js';
import type { EnverRecord } from './records.js';

/** The one enver that a platform knows before any contracts were published: the contractsLib's own. */
export interface Installation {
  /** Build id of the contractsLib; the contracts have to declare it under the same id, repo and revision. */
  readonly build: string;
  readonly repo: ManifestRepo;
  readonly revision: RevisionRef;
  readonly account: { readonly name: string; readonly id: string };
  readonly region: string;
  /** Who may approve privileged changes of the contracts; without it nobody has to. */
  readonly contractApprovers?: readonly AccountRole[];
  /** Jobs that may be dispatched per minute into the repositories of one owner; without it as many as there are. */
  readonly dispatchesPerMinute?: number;
}

/** The platform's domain behind its ports. Every method is idempotent and safe to repeat. */
export interface ControlPlane {
  /** Carries out one hint. It throws when the hint has to be delivered again. */
  handle(work: Work): Promise<void>;
  /** Products were written: enqueues those who may have to react. `contractsLibLatest` enqueues the sync. */
  productsPublished(paths: readonly string[], cause: string): Promise<void>;
  /** A job says that something happened to its enver: it, and who consumes its products, are looked at. */
  enverSpoke(enverId: string, cause: string): Promise<void>;
  /** A stack of the platform has changed: the enver that it is for is looked at. */
  stackChanged(stackName: string, cause: string): Promise<void>;
  /** Enqueues every enver whose time has come. */
  tick(): Promise<void>;
  /** Enqueues everything that lost events may have missed: refs whose head moved, every enver, the sync. */
  sweep(): Promise<void>;
  /** Deploys an enver with the newest values, whatever it is blocked by or failed with. @throws OdmdError */
  deploy(enverId: string, cause: string): Promise<void>;
  /**
   * Carries out one `odmd:` line for a ref (a full git name) of a repo, and notes who gave it.
   * @returns what became of it @throws OdmdError
   */
  command(repo: string, ref: string, line: string, by?: string): Promise<Answer[]>;
  /**
   * Applies the newest published contracts, whose commit is named, although they do not follow those in force, and notes
   * who wanted that. Whether they may is for the caller to know; whatever else is checked of contracts is checked.
   * @throws OdmdError ODMD414 others were published last; or why they cannot be applied
   */
  applyContracts(request: { sha: string; force: true; by: string }): Promise<void>;
  /** Removes an enver that has left the contracts, with all that it deployed. @throws OdmdError */
  retire(enverId: string, by: string): Promise<void>;
  /** Grants or refuses the version of a product that an enver waits for. @throws OdmdError */
  decide(decision: Decision): Promise<void>;
  /** The contract entry in force of an enver or clone (while it is being deleted, at least the last one); else `undefined`. */
  entry(enverId: string): Promise<EnverEntry | undefined>;
  /** The contracts in force; `undefined` before the first sync. */
  manifest(): Promise<Manifest | undefined>;
  envers(): Promise<EnverRecord[]>;
}
