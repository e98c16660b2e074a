import type { Approval, Condition, HistoryItem, Phase } from '../domain/records.js';

/** Everything that `odmd status` shows, of whatever platform. */
export interface PlatformStatus {
  /** The org of the contracts in force; `null` before the first ones. */
  readonly org: string | null;
  readonly contracts: { readonly sha: string; readonly serial: number; readonly digest: string } | null;
  /** Whether anything is queued, in flight or running. */
  readonly busy: boolean;
  readonly envers: readonly EnverStatus[];
}

/** One enver; the values of its products never appear. */
export interface EnverStatus {
  readonly id: string;
  readonly phase: Phase;
  /** Why it is in this phase, for a person. */
  readonly reason: string;
  /** Whether it goes on by itself: it runs, goes, or is about to be looked at. */
  readonly busy: boolean;
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
    /** `account/role` each. */
    readonly approvers: readonly string[];
  })[];
  /** Envers that it waits for or is blocked by. */
  readonly waitsFor: readonly string[];
  readonly deployed?: {
    /** Epoch milliseconds. */
    readonly at: number;
    readonly sha: string;
    /** Product path → version and hash; a list of many envers leaves it out. */
    readonly inputs?: Readonly<Record<string, string>>;
  };
  /** A list of many envers leaves them out. */
  readonly products?: readonly { readonly name: string; readonly version: number }[];
  /** Decisions with their reasons, oldest first; a list of many envers leaves them out. */
  readonly history?: readonly HistoryItem[];
  /** What runs on this machine for it: of a local platform only. */
  readonly services?: readonly {
    readonly name: string;
    readonly url: string;
    readonly state: string;
    readonly pid?: number;
    readonly problem?: string;
  }[];
}

/** An enver of the contracts whose ref people with write access to the repository can change without anybody's consent. */
export interface UnprotectedEnver {
  readonly enver: string;
  /** `owner/name`. */
  readonly repo: string;
  /** Full git name. */
  readonly ref: string;
  /** What nothing keeps them from: `push`, `rewrite`, `replace`; `unknown` when GitHub does not tell the platform. */
  readonly gaps: readonly string[] | 'unknown';
}
