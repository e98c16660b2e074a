import type { EnverEntry } from '@ondemandenv/contracts-base';

/** What an enver needs before its first job: roles, repositories (CloudFormation in production). */
export interface StackProvisioner {
  /** Idempotent. `working`: call again later. */
  ensure(entry: EnverEntry): Promise<'ready' | 'working'>;
  /** Idempotent, and also removes what the enver's deployments left behind. `working`: call again later. */
  remove(enverId: string): Promise<'gone' | 'working'>;
}
