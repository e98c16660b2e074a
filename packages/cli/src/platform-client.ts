import type { Answer, EnverStatus, PlatformStatus, UnprotectedEnver } from '@ondemandenv/control-plane';

/** What somebody decides about the newest version of a product that an enver waits for. */
export interface Decision {
  readonly enver: string;
  readonly path: string;
  readonly version: string;
  readonly granted: boolean;
}

/** A running platform, wherever it runs, as `odmd` sees it. */
export interface PlatformClient {
  status(): Promise<PlatformStatus>;
  /** One enver with its details. @throws OdmdError when there is no such enver */
  enver(id: string): Promise<EnverStatus>;
  /** Waits until nothing is left to do. @throws OdmdError ODMD661 when something still is after that time */
  waitUntilIdle(timeoutMs: number): Promise<PlatformStatus>;
  /** Waits until an enver does not go on by itself any more. @throws OdmdError ODMD661 */
  waitFor(enver: string, timeoutMs: number): Promise<EnverStatus>;
  /** The envers of a repository whose ref people can change without anybody's consent. @throws OdmdError ODMD718 */
  unprotected(repo: string): Promise<readonly UnprotectedEnver[]>;
  /** Has an enver deployed with the newest values, whatever it failed with or is blocked by. */
  deploy(enver: string): Promise<void>;
  /** @param as `account/role`, where the platform does not know by itself who asks */
  decide(decision: Decision, as: string | undefined): Promise<void>;
  /** Removes an enver that has left the contracts. */
  retire(enver: string): Promise<void>;
  /** Has the newest published contracts applied although they do not follow those in force. */
  applyContracts(sha: string): Promise<void>;
  /** Carries out an `odmd:` line for a ref (a full git name). @returns what became of it */
  command(repo: string, ref: string, line: string): Promise<readonly Answer[]>;
}
