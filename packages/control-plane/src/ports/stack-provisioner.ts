import type { EnverEntry } from '@ondemandenv/contracts-base';
import type { RunRequest } from './source-host.js';

/** What an enver needs before its first job: roles, repositories (CloudFormation in production). */
export interface StackProvisioner {
  /**
   * Idempotent. `working`: call again later; so too when it failed, with the reason for a person.
   *
   * @param purpose the jobs that are let in from then on, and no others: those that deploy (the default), or those that
   *   tear down, which run elsewhere since the enver's own ref may be gone
   */
  ensure(
    entry: EnverEntry,
    purpose?: RunRequest['purpose'],
  ): Promise<'ready' | 'working' | { readonly failed: string }>;
  /** Idempotent, and also removes what the enver's deployments left behind. `working`: call again later. */
  remove(entry: EnverEntry): Promise<'gone' | 'working'>;
}
