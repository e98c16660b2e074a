import { ask, find, refusalOf } from './ask.js';
import { closeByRules, GAPS, type Gap } from './gaps.js';
import type { Repo } from './repos.js';

/**
 * What people can do to a branch.
 *
 * @returns `unknown` when branch protection may close what rulesets leave open, and GitHub does not show it
 * @throws OdmdError ODMD433 when the App may not read it
 */
export async function branchGaps(repo: Repo, branch: string): Promise<ReadonlySet<Gap> | 'unknown'> {
  const gaps = new Set<Gap>(GAPS);
  // GitHub keeps everybody from deleting it.
  if (branch === repo.defaultBranch) gaps.delete('replace');
  closeByRules(gaps, await rulesOf(repo, branch));
  if (gaps.size === 0 || !(await hasProtection(repo, branch))) return gaps;
  const protection = await protectionOf(repo, branch);
  if (!protection) return 'unknown';
  const { required_pull_request_reviews, restrictions, lock_branch } = protection;
  if (required_pull_request_reviews || restrictions || lock_branch?.enabled) gaps.delete('push');
  if (!protection.allow_force_pushes?.enabled) gaps.delete('rewrite');
  if (!protection.allow_deletions?.enabled) gaps.delete('replace');
  return gaps;
}

async function rulesOf({ client, at, name }: Repo, branch: string): Promise<string[]> {
  const query = { ...at, branch, per_page: 100 };
  try {
    return (await ask(name, () => client.repos.getBranchRules(query))).data.map(({ type }) => type);
  } catch (error) {
    if (isNotInThePlan(error)) return [];
    throw error;
  }
}

/** A branch that is not there is not protected either: anybody may make it. */
async function hasProtection({ client, at, name }: Repo, branch: string): Promise<boolean> {
  const answer = await find(name, () => client.repos.getBranch({ ...at, branch }));
  return answer?.data.protected === true;
}

/**
 * For this the App needs to read the administration of the repository: without, GitHub refuses it, or says that there is
 * none.
 */
async function protectionOf({ client, at, name }: Repo, branch: string) {
  const query = { ...at, branch };
  const answer = await find(name, () => client.repos.getBranchProtection(query));
  return answer?.data;
}

/** GitHub protects no branches of private repositories without pay. */
export function isNotInThePlan(error: unknown): boolean {
  const refusal = refusalOf(error);
  return refusal?.status === 403 && /upgrade to github/i.test(refusal.message);
}
