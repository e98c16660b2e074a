import type { PlatformStatus as CommonStatus, DetailedEnver } from '@ondemandenv/control-plane';
import type { ServiceState } from './services/index.js';

/** Everything that `odmd status` shows of a platform on this machine. */
export interface PlatformStatus extends CommonStatus {
  /** Repositories that can be pushed to. */
  readonly repos: readonly { readonly name: string; readonly url: string }[];
  readonly envers: readonly EnverStatus[];
  /** Paths of products in the config store whose enver is no more; a platform of an older release does not say. */
  readonly leftovers?: readonly string[];
}

/** One enver; the values of its products never appear. */
export interface EnverStatus extends DetailedEnver {
  readonly services: readonly {
    readonly name: string;
    readonly url: string;
    readonly state: ServiceState;
    readonly pid?: number;
    readonly problem?: string;
  }[];
}

/** What the platform writes into `platform.json` for its own user's tools. */
export interface Connection {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
}
