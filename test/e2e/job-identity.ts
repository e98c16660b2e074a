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
import type { JobClaims } from '../emulator/token-issuer.js';
import { Clients } from './clients.js';
import type { Landscape } from './landscape.js';

/** What the job of an enver has: its build role where the enver is, and its role where the platform is. */
export interface JobIdentity {
  readonly build: Clients;
  readonly central: Clients;
}

/** What GitHub says about the job that deploys an enver. */
export function claimsOf(
  land: Landscape,
  { build, kind, region, account, revision, repo }: EnverEntry,
): JobClaims {
  const found = land.github.inside.store.repos.all().find(({ full_name }) => full_name === repoName(repo));
  return {
    repository: repoName(repo),
    repository_id: found?.id ?? 0,
    ref: fullRef(revision),
    workflow: workflowFile({ build, kind, region, account: account.name }),
  };
}

export function buildRoleOf({ id, account }: EnverEntry): string {
  const { path, build } = roleNames(id);
  return roleArn(account.id, path, build);
}

/** The build role of an enver by the token of its job, and from there the role in the central account. */
export async function jobIdentity(land: Landscape, entry: EnverEntry): Promise<JobIdentity> {
  const { account, region } = land.central;
  const token = land.aws.issuer.jobToken(claimsOf(land, entry));
  const own = await assumeAsJob(land.aws, buildRoleOf(entry), token);
  const names = roleNames(entry.id);
  const central = await assume(land.aws, roleArn(account, names.path, names.central), own);
  const clients = (credentials: Credentials, at: string) => new Clients(land.aws.clientWith(credentials, at));
  return { build: clients(own, entry.region), central: clients(central, region) };
}
