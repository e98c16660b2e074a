import { type JobContext, ownEntry } from '../context.js';

/** What a job runs as. */
export interface Identity {
  readonly enver: string;
  readonly build: string;
  readonly revision: { readonly kind: 'branch' | 'tag'; readonly ref: string };
  readonly account: { readonly name: string; readonly id: string };
  readonly region: string;
}

export async function whoami(context: JobContext): Promise<Identity> {
  const { id, build, revision, account, region } = await ownEntry(context);
  return { enver: id, build, revision, account, region };
}

/** For a person. */
export function formatIdentity({ enver, build, revision, account, region }: Identity): string {
  return [
    `enver     ${enver}`,
    `build     ${build}`,
    `revision  ${revision.kind} ${revision.ref}`,
    `account   ${account.name} (${account.id})`,
    `region    ${region}`,
  ].join('\n');
}
