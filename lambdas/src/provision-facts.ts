import { type EnverEntry, fullRef, type Manifest, neighboursOf, repoName } from '@ondemandenv/contracts-base';
import type { RunRequest } from '@ondemandenv/control-plane';
import type { ProvisionFacts } from '@ondemandenv/control-plane/aws';
import { deployFile, type Platform, targetOf, teardownFile } from '@ondemandenv/workflow-gen';

export interface ProvisionFactsOptions {
  /** What GitHub says about a repository, `owner/name`. */
  readonly repoOf: (
    name: string,
  ) => Promise<{ readonly id: number; readonly ownerId: number; readonly defaultBranch: string }>;
  readonly home: Platform;
  /** The contracts in force. */
  readonly manifest: () => Promise<Pick<Manifest, 'envers'> | undefined>;
}

/**
 * Finds out what an enver's stacks are made of beside its contract entry. Jobs that deploy run on its own ref, those
 * that tear down on the default branch: its own may be gone.
 */
export function provisionFacts({ repoOf, home, manifest }: ProvisionFactsOptions) {
  return async (entry: EnverEntry, purpose: RunRequest['purpose']): Promise<ProvisionFacts> => {
    const { id, ownerId, defaultBranch } = await repoOf(repoName(entry.repo));
    const target = targetOf(entry, home);
    const contracts = await manifest();
    return {
      repo: { id, ownerId },
      job:
        purpose === 'deploy'
          ? { ref: fullRef(entry.revision), workflow: deployFile(target) }
          : { ref: fullRef({ kind: 'branch', ref: defaultBranch }), workflow: teardownFile(target) },
      ...(contracts ? neighboursOf(contracts, entry) : { pulledBy: [], artifacts: [] }),
    };
  };
}
