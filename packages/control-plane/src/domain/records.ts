import type { InputVector, RevisionRef } from '@ondemandenv/contracts-base';

/** The id of a change that started something: `push coffee/shop@<sha>`, `contracts@<sha>`, `manual …`, `lost <product> <version> to <enver>`. */
export type RootId = string;

/** One deployment or teardown that was started and has not been settled. */
export interface LiveRun {
  readonly dispatchId: string;
  readonly purpose: 'deploy' | 'destroy';
  readonly vector: InputVector;
  /** `<account id>/<region>` that it is for. */
  readonly place: string;
  /** Every change that this run carries. */
  readonly roots: readonly RootId[];
  readonly startedAt: number;
  /** Why, for a person. */
  readonly reason: string;
  /** A person asked for it, and by what. */
  readonly forced?: string;
  /** Its job could not be started for the time being: nothing runs under its id. */
  readonly refused?: true;
}

export type Phase =
  /** Nothing to deploy yet: the source or the first cause is missing. */
  | 'idle'
  /** Has a cause, and waits for an input or for an upstream enver of the same rollout. */
  | 'waiting'
  /** Has a cause, and an upstream enver of the same rollout failed. */
  | 'blocked'
  | 'running'
  | 'deployed'
  | 'failed'
  | 'deleting'
  /** No longer in the contracts; kept until somebody confirms. */
  | 'retired';

export interface HistoryItem {
  readonly at: number;
  readonly text: string;
}

/** A state of affairs that somebody may have to do something about. */
export type ConditionType =
  /** Its branch or tag is gone; what was deployed keeps running. */
  | 'SourceMissing'
  /** The tag names another commit now than the one that was deployed. */
  | 'TagMoved'
  /** Its contract or inputs changed, and it was built from a tag: once. */
  | 'BuiltOnce'
  | 'WaitingForWorkflow'
  | 'TagWithoutWorkflow'
  /** It was deployed for one change again and again, since a product on its cycle never stays the same. */
  | 'CycleDoesNotSettle'
  /** Its contract moved it to another account or region; what it deployed before is still there. */
  | 'LeftBehind'
  /** Its contract wants other roles than it has, and they cannot be made. */
  | 'RolesOutdated'
  /** It was deployed although an upstream enver had not settled: that one did not move for too long. */
  | 'GateOpened';

export interface Condition {
  readonly type: ConditionType;
  readonly message: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** What became of the request to deploy with one version of a product. */
export interface Approval {
  /** `<version>#<hash>`; a newer version voids it. */
  readonly version: string;
  readonly state: 'requested' | 'granted' | 'refused' | 'expired';
  /** The changes that brought this version. */
  readonly roots: readonly RootId[];
  /** Of the request or the decision, epoch milliseconds. */
  readonly at: number;
  /** `account/role` of whoever decided. */
  readonly by?: string;
}

export interface CloneOrigin {
  readonly base: string;
  /** Clones created together from one repo; they are wired to each other. */
  readonly set: string;
  /** The builds of the set. */
  readonly builds: readonly string[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Milliseconds after the last push. */
  readonly expiresAfterMs?: number;
  /** It goes when the pull request of its branch is closed. */
  readonly until?: 'pr';
}

/** All that the platform remembers of one enver. What the contracts say of it is never stored here. */
export interface EnverRecord {
  readonly kind: 'enver';
  readonly id: string;
  /** Raised by one at every write. */
  readonly version: number;
  readonly build: string;
  /** `owner/name`. */
  readonly repo: string;
  readonly revision: RevisionRef;
  readonly clone?: CloneOrigin;
  /** What created this record; keeps dispatch ids of a re-created clone apart from the old one's. */
  readonly incarnation: string;
  readonly phase: Phase;
  /** Why it is in this phase, for a person. */
  readonly reason: string;
  readonly conditions?: readonly Condition[];
  /** Asked to go, and why. */
  readonly deleting?: string;
  /** Epoch milliseconds at which it was asked. */
  readonly deletingSince?: number;
  /** What its deployments made was torn down by its own commands. */
  readonly destroyed?: true;
  /** Contracts that were published and not applied, and why; on the contractsLib's own record. */
  readonly refused?: { readonly sha: string; readonly message: string };
  /** Asked to deploy whatever the gates say, and by what. */
  readonly forced?: string;
  /** Digest of the contract entry that this record last acted on, and the commit of the contracts it stood in. */
  readonly entryDigest: string;
  readonly contracts: string;
  /** What its roles were last made by (`ContractsInForce.rolesDigest`). */
  readonly rolesOf?: string;
  /** Product paths that it consumes, was last deployed or is being deployed with (index `consumers`). */
  readonly consumes: readonly string[];
  /** Envers that this one waits for or is blocked by (index `waiters`). */
  readonly waitsFor: readonly string[];
  /** Those who held up its deployment when it was last looked at, and since when it is exactly they. */
  readonly gate?: { readonly for: readonly string[]; readonly since: number };
  /** The moment from which its next job may be dispatched, so that many at once keep within the host's limits. */
  readonly pacedUntil?: number;
  /** Newest source seen, and the change that brought its tree; `entry` is the digest it was read under. */
  readonly source?: {
    readonly sha: string;
    readonly tree: string;
    readonly root: RootId;
    readonly at: number;
    readonly entry: string;
  };
  /**
   * Its contract is new or has changed, or it has a source again: which changes it has to follow is not known before it
   * was looked at.
   */
  readonly untraced?: true;
  /** Changes that may need a deployment, oldest first, with the reason. */
  readonly pending: readonly { readonly root: RootId; readonly reason: string; readonly at: number }[];
  readonly run?: LiveRun;
  /** What the newest deployment job was started with, however it ended: something may have been made. */
  readonly begun?: InputVector;
  readonly deployed?: {
    readonly dispatchId: string;
    readonly vector: InputVector;
    /** `<account id>/<region>` where it is. */
    readonly place: string;
    readonly roots: readonly RootId[];
    readonly at: number;
  };
  /** How often it was deployed for each change of its last deployment: in a cycle, a change comes back. */
  readonly rounds?: Readonly<Record<RootId, number>>;
  /** The last deployment, when it failed and nothing new has come since. */
  readonly failed?: {
    readonly dispatchId: string;
    readonly vector: InputVector;
    readonly place: string;
    readonly roots: readonly RootId[];
    readonly reason: string;
    readonly at: number;
  };
  /** Decisions about inputs that need an approval, asked for or made, by product path. */
  readonly approvals?: Readonly<Record<string, Approval>>;
  /** Product path → the version that an alarm was raised for. */
  readonly alarmed?: Readonly<Record<string, string>>;
  /** How often in a row its runs were superseded or lost. */
  readonly restarts?: number;
  /** Number of runs started so far. */
  readonly runs: number;
  /** When to look again without a hint (epoch milliseconds). */
  readonly nextAt?: number;
  /** The newest 50 decisions with their reasons, oldest first. */
  readonly history: readonly HistoryItem[];
}

/** How far the commands of a ref were read. `id` is `owner/name full-ref`. */
export interface RefRecord {
  readonly kind: 'ref';
  readonly id: string;
  readonly version: number;
  readonly repo: string;
  readonly ref: string;
  /** The last commit whose commands were carried out. */
  readonly cursor: string;
  /** The clones that were made here and may still be there: what the index does not show yet is not forgotten. */
  readonly clones?: readonly string[];
  /** Builds whose clone was deleted here by a command: their contract does not make it again. */
  readonly declined?: readonly string[];
  /** Envers of which its contract makes a clone here as soon as there is a place for one. */
  readonly waitsForSlot?: readonly string[];
}

/** Which published contracts are in force. `id` is always `applied`. */
export interface AppliedRecord {
  readonly kind: 'applied';
  readonly id: 'applied';
  readonly version: number;
  readonly sha: string;
  readonly digest: string;
  readonly serial: number;
  /** Who had them applied although they do not follow those before. */
  readonly forcedBy?: string;
}

/** How many clones of an enver live. `id` is the base enver's id. */
export interface CloneCounterRecord {
  readonly kind: 'clones';
  readonly id: string;
  readonly version: number;
  readonly count: number;
}

/** How many jobs were dispatched lately. `id` is the owner of the repositories. */
export interface PaceRecord {
  readonly kind: 'pace';
  readonly id: string;
  readonly version: number;
  /** Epoch milliseconds at which the next job is due, if they are spread evenly. */
  readonly next: number;
}

/** That people were told how the clones of a ref are. `id` is `owner/name full-ref`. */
export interface ReportRecord {
  readonly kind: 'report';
  readonly id: string;
  readonly version: number;
  readonly repo: string;
  readonly ref: string;
  /** Of what they were told last; absent while nobody knows what that was. */
  readonly digest?: string;
}

export type AnyRecord =
  | EnverRecord
  | RefRecord
  | AppliedRecord
  | CloneCounterRecord
  | PaceRecord
  | ReportRecord;
export type RecordKind = AnyRecord['kind'];
export type RecordOf<K extends RecordKind> = Extract<AnyRecord, { kind: K }>;
export interface RecordKey {
  readonly kind: RecordKind;
  readonly id: string;
}
