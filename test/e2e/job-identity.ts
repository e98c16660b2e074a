import {
  type EnverEntry,
  fullRef,
  repoName,
  roleArn,
  roleNames,
  workflowFile,
} from '@ondemandenv/contracts-base';
import type { Credentials } from '../emulator/emulator.js';
import { assume, assumeAsJob } from '../emulator/identities.js';
import { ACCOUNTS } from './accounts.js';
import type { Landscape } from './landscape.js';

/** What the job of an enver has: the build role by its token, and from there the role in the central account. */
export async function jobIdentity(
  land: Landscape,
  entry: EnverEntry,
): Promise<{ readonly build: Credentials; readonly central: Credentials }> {
  const { build, kind, region, account, revision, repo } = entry;
  const found = land.github.inside.store.repos.all().find(({ full_name }) => full_name === repoName(repo));
  const token = land.aws.issuer.jobToken({
    repository: repoName(repo),
    repository_id: found?.id ?? 0,
    ref: fullRef(revision),
    workflow: workflowFile({ build, kind, region, account: account.name }),
  });
  const names = roleNames(entry.id);
  const own = await assumeAsJob(land.aws, roleArn(account.id, names.path, names.build), token);
  const central = await assume(land.aws, roleArn(ACCOUNTS.central, names.path, names.central), own);
  return { build: own, central };
}
