import type { Approval, Condition, HistoryItem, Phase } from '@ondemandenv/control-plane';
import type { ServiceState } from './services/index.js';

/** Everything that `odmd status` shows. */
export interface PlatformStatus {
  /** The org of the contracts in force; `null` before the first ones. */
  readonly org: string | null;
  readonly contracts: { readonly sha: string; readonly serial: number; readonly digest: string } | null;
  /** Whether anything is queued, in flight or running. */
  readonly busy: boolean;
  /** Repositories that can be pushed to. */
  readonly repos: readonly { readonly name: string; readonly url: string }[];
  readonly envers: readonly EnverStatus[];
  /** Paths of products in the config store whose enver is no more; a platform of an older release does not say. */
  readonly leftovers?: readonly string[];
}

/** One enver; the values of its products never appear. */
export interface EnverStatus {
  readonly id: string;
  readonly phase: Phase;
  /** Why it is in this phase, for a person. */
  readonly reason: string;
  /** `owner/name`. */
  readonly repo: string;
  /** Full git name, e.g. `refs/heads/main`. */
  readonly ref: string;
  readonly cloneOf?: string;
  /** What somebody may have to do something about. */
  readonly conditions: readonly Condition[];
  /** Products whose newest version somebody has to approve, or has decided about. */
  readonly approvals: readonly (Approval & {
    readonly path: string;
    readonly approvers: readonly string[];
  })[];
  /** Envers that it waits for or is blocked by. */
  readonly waitsFor: readonly string[];
  readonly deployed?: {
    /** Epoch milliseconds. */
    readonly at: number;
    readonly sha: string;
    /** Product path → version and hash. */
    readonly inputs: Readonly<Record<string, string>>;
  };
  readonly products: readonly { readonly name: string; readonly version: number }[];
  readonly services: readonly {
    readonly name: string;
    readonly url: string;
    readonly state: ServiceState;
    readonly pid?: number;
    readonly problem?: string;
  }[];
  /** Decisions with their reasons, oldest first. */
  readonly history: readonly HistoryItem[];
}

/** What the platform writes into `platform.json` for its own user's tools. */
export interface Connection {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
}
