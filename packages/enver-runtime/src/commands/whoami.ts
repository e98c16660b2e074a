import { type EnverEntry, repoName } from '@ondemandenv/contracts-base';
import { readCheckout } from '../checkout.js';
import { type JobContext, ownEntry } from '../context.js';

/** What a job runs as. */
export interface Identity {
  readonly enver: string;
  readonly build: string;
  readonly revision: { readonly kind: 'branch' | 'tag'; readonly ref: string };
  readonly account: { readonly name: string; readonly id: string };
  readonly region: string;
  /** On a laptop: what is checked out instead of what the contracts say; absent when it is that. */
  readonly elsewhere?: string;
}

export async function whoami(context: JobContext): Promise<Identity> {
  const entry = await ownEntry(context);
  const { id, build, revision, account, region } = entry;
  const elsewhere = isOnLaptop(context) ? otherCheckout(entry, context.cwd) : undefined;
  return { enver: id, build, revision, account, region, ...(elsewhere !== undefined && { elsewhere }) };
}

/** For a person. */
export function formatIdentity({ enver, build, revision, account, region, elsewhere }: Identity): string {
  return [
    `enver     ${enver}`,
    `build     ${build}`,
    `revision  ${revision.kind} ${revision.ref}`,
    `account   ${account.name} (${account.id})`,
    `region    ${region}`,
    ...(elsewhere === undefined ? [] : [`warning   ${elsewhere}`]),
  ].join('\n');
}

/** The platform checks out what its jobs deploy; a person does so by hand. */
function isOnLaptop({ job }: JobContext): boolean {
  return job.platform.kind === 'aws' && job.platform.job === undefined;
}

/** What is checked out, when it is not the repository and the ref of the enver. */
function otherCheckout({ repo, revision }: EnverEntry, cwd: string): string | undefined {
  const found = readCheckout(cwd);
  const sameRepo = found.repo?.toLowerCase() === repoName(repo).toLowerCase();
  const sameRef =
    revision.kind === 'branch' ? found.branch === revision.ref : found.tags.includes(revision.ref);
  if (sameRepo && sameRef) return undefined;
  const ref = [
    ...(found.branch === undefined ? [] : [`branch ${found.branch}`]),
    ...found.tags.map((tag) => `tag ${tag}`),
  ];
  const here = `${ref.join(', ') || 'no branch'} of ${found.repo ?? 'no remote origin'}`;
  return `${here} is checked out here; the enver is ${revision.kind} ${revision.ref} of ${repoName(repo)}`;
}
