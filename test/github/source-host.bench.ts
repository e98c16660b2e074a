import type { EnverEntry } from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { keyValuePorts } from '@ondemandenv/control-plane';
import {
  ConfigRepoIdentities,
  GitHubRepos,
  GitHubSourceHost,
  type RepoIdentities,
} from '@ondemandenv/control-plane/github';
import { ManualClock, MemoryKeyValue } from '@ondemandenv/control-plane/memory';
import { filesOf, LATER_STEP, targetOf } from '@ondemandenv/workflow-gen';
import { type GitHubEmulator, INSTALLATION, ORG, type SentRequest } from './emulator.js';

const PLATFORM = { centralAccount: '111111111111', homeRegion: 'us-west-1' };

/** The workflow files that an enver needs. */
export function workflowsOf(entry: EnverEntry) {
  return filesOf(targetOf(entry, PLATFORM));
}

/** The entry of a script of a repository, on `main` unless something else is said. */
export function entryOf(repo: string, overrides: Partial<EnverEntry> = {}): EnverEntry {
  const [owner = '', name = ''] = repo.split('/');
  return enverEntry({ repo: { owner, name }, ...overrides });
}

export function identities(): RepoIdentities {
  return new ConfigRepoIdentities(keyValuePorts(new MemoryKeyValue(), new ManualClock(1_000)).config);
}

export interface HostSettings {
  readonly answer?: (request: SentRequest) => Response | undefined;
  readonly known?: RepoIdentities;
  readonly now?: () => number;
}

/** A source host of the platform whose envers all have this entry. */
export function hostOf(
  emulator: GitHubEmulator,
  entry: EnverEntry,
  settings: HostSettings = {},
): GitHubSourceHost {
  const { answer, known = identities(), now = Date.now } = settings;
  const app = emulator.app(answer);
  const repos = new GitHubRepos({ app, installations: { [ORG]: INSTALLATION }, identities: known, now });
  return new GitHubSourceHost({
    repos,
    filesOf: workflowsOf,
    entryOf: async () => entry,
    laterStep: LATER_STEP,
    now,
  });
}
