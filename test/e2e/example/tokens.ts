import type { EnverEntry } from '@ondemandenv/contracts-base';
import { assumeAsJob } from '../../emulator/identities.js';
import type { JobClaims, TokenOptions } from '../../emulator/token-issuer.js';
import type { Attempt } from '../attempts.js';
import { buildRoleOf, claimsOf } from '../job-identity.js';
import type { Landscape } from '../landscape.js';

/** How AWS refuses tokens: some before it looks at a policy. */
export const NO_TOKEN = /AccessDenied|InvalidIdentityToken|ExpiredToken/;

/** Number of whoever has the repositories on GitHub. */
export async function ownerId(land: Landscape): Promise<number> {
  const [repo] = Object.values(land.manifest.repos);
  const { owner } = await land.github.rest('GET', `/repos/${repo?.owner}/${repo?.name}`);
  return Number(owner.id);
}

function take(
  land: Landscape,
  target: EnverEntry,
  what: string,
  claims: JobClaims,
  options?: TokenOptions,
): Attempt {
  const { issuer } = land.aws;
  return [
    `take the build role of ${target.id} with ${what}`,
    () => assumeAsJob(land.aws, buildRoleOf(target), issuer.jobToken(claims, options)),
  ];
}

/** The tokens with which the build role of an enver is taken: its job's, in either form of the subject. */
export function goodTokens(land: Landscape, entry: EnverEntry, owner: number): Attempt[] {
  const claims = claimsOf(land, entry);
  return [
    take(land, entry, 'the token of its job', claims),
    take(land, entry, 'a token with numbers in its subject', { ...claims, owner_id: owner }),
  ];
}

/** Tokens with which it is not: each has one thing wrong. */
export function badTokens(
  land: Landscape,
  entry: EnverEntry,
  owner: number,
  others: readonly EnverEntry[],
): Attempt[] {
  const claims = claimsOf(land, entry);
  const { revision, repo } = entry;
  const other = revision.kind === 'branch' ? 'tags' : 'heads';
  const stranger = { ...claims, repository: `stranger/${repo.name}` };
  const teardown = { ...claims, workflow: claims.workflow.replace(/\.yaml$/, '.teardown.yaml') };
  const wrong: [string, JobClaims, TokenOptions?][] = [
    ['a token of another ref', { ...claims, ref: 'refs/heads/feature/login' }],
    ['a token of the other kind of ref', { ...claims, ref: `refs/${other}/${revision.ref}` }],
    ['a token of another repository’s number', { ...claims, repository_id: claims.repository_id + 1000 }],
    ['a token of another repository’s name', { ...claims, repository: `${repo.owner}/other` }],
    ['a token of somebody else’s repository', stranger],
    ['a token of another owner’s number', { ...claims, owner_id: owner + 1 }],
    ['a token of another workflow', { ...claims, workflow: '.github/workflows/mine.yaml' }],
    ['a token of its teardown', teardown],
    ['a token for somebody else', claims, { audience: 'https://github.com/coffee-shop' }],
    ['a token that has expired', claims, { expiresIn: -1 }],
    ['a token that GitHub did not sign', claims, { forged: true }],
  ];
  return [
    ...wrong.map(([what, token, options]) => take(land, entry, what, token, options)),
    ...others.map((one) => take(land, entry, `the token of the job of ${one.id}`, claimsOf(land, one))),
  ];
}
