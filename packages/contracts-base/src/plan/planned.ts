import type { AccountRole } from '../manifest/index.js';
import type { EnverId, ProductPath } from '../naming/index.js';

/** What changed, before anything was deployed for it. */
export interface PlannedChange {
  /** Products that get a new value, whoever publishes it; their own envers need no deployment for that. */
  readonly products?: readonly ProductPath[];
  /** Envers whose source changed. A tag is built once: it belongs here only before its first deployment. */
  readonly sources?: readonly EnverId[];
  /** Envers that are to be deployed for another reason. */
  readonly roots?: readonly PlannedRoot[];
}

export interface PlannedRoot {
  readonly id: EnverId;
  /** The reason, in words. */
  readonly because: string;
  /** Products that it consumes for the first time: nobody is asked about them. */
  readonly fresh?: readonly ProductPath[];
}

/** One deployment of a plan. */
export interface PlannedEnver {
  readonly id: EnverId;
  /** Its own reasons (`its source`), then the products that change for it: `foundation/b..main/menu`. */
  readonly because: readonly string[];
  /** The envers of this plan whose products it consumes directly, outside its own cycle: they settle first. */
  readonly waitsFor: readonly EnverId[];
  /** Every member of its dependency cycle, itself included: they do not wait for each other. */
  readonly cycle?: readonly EnverId[];
}

/** A changed product that an enver takes over only when somebody approves. */
export interface PlannedApproval {
  readonly enver: EnverId;
  /** Without the prefix of the config store. */
  readonly products: readonly string[];
  /** Any of them may approve. */
  readonly approvers: readonly AccountRole[];
  /** What else is held until then. */
  readonly behind: readonly EnverId[];
}

/** A changed product that an enver consumes without being deployed for it. */
export interface PlannedSignal {
  readonly enver: EnverId;
  readonly product: string;
  /** The product changes only after an approval. */
  readonly held?: true;
}

/**
 * Everything that a change can cause. It is what happens when each deployment publishes new values: one that
 * publishes what was there before ends the wave at that place.
 */
export interface Plan {
  /** Deployments in order: those of one phase wait for earlier phases only and run side by side. */
  readonly phases: readonly (readonly PlannedEnver[])[];
  /** The deployments that wait for an approval, or for an enver that does; also in phases, after the others. */
  readonly held: readonly (readonly PlannedEnver[])[];
  readonly approvals: readonly PlannedApproval[];
  readonly alarms: readonly PlannedSignal[];
  readonly ignored: readonly PlannedSignal[];
}
