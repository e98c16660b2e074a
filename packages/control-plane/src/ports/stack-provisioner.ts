import type { EnverEntry } from '@ondemandenv/contracts-base';

/** What an enver needs before its first job: roles, repositories (CloudFormation in production). */
export interface StackProvisioner {
  /** Idempotent. `working`: call again later; so too when it failed, with the reason for a person. */
  ensure(entry: EnverEntry): Promise<'ready' | 'working' | { readonly failed: string }>;
  /** Idempotent, and also removes what the enver's deployments left behind. `working`: call again later. */
  remove(entry: EnverEntry): Promise<'gone' | 'working'>;
}
