import { sha256 } from '@ondemandenv/contracts-base';

const PREFIX = 'odmd/workflow-';

/** The branch on which the platform proposes a workflow file for another one, that is protected. */
export function ownBranch(base: string, path: string): string {
  return PREFIX + sha256(`${base}\n${path}`).slice(0, 12);
}

/** Whether a full ref is a branch of the platform's own: no enver is built from one, and it is no news to it. */
export function isOwnBranch(ref: string): boolean {
  return ref.startsWith(`refs/heads/${PREFIX}`);
}
