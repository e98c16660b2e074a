import type { RevisionRef } from '@ondemandenv/contracts-base';
import type { Readiness } from '../../ports/source-host.js';
import { ThrottledError } from '../../ports/throttled-error.js';
import { refusalOf } from './ask.js';
import { blobs, commitFile, differing, type WorkflowFile } from './committed-files.js';
import { proposeFiles } from './proposals.js';
import { head } from './refs.js';
import type { Repo } from './repos.js';

const READY: Readiness = { state: 'ready' };
/** How soon a write is tried again that met another one. */
const COLLISION_MS = 2_000;
const GONE_MS = 60_000;

/**
 * Puts the files on the default branch, from where GitHub takes what can be dispatched; then the one that deploys on the
 * ref that it runs on. When nothing is to be done this is one request for the default branch, and two for another.
 */
export async function prepareFiles(
  repo: Repo,
  revision: RevisionRef,
  files: readonly [deploy: WorkflowFile, ...others: WorkflowFile[]],
): Promise<Readiness> {
  const first = await filesOnDefaultBranch(repo, files);
  if (first.state !== 'ready') return first;
  const [deploy] = files;
  if (revision.kind === 'branch' && revision.ref === repo.defaultBranch) return READY;
  const commit = await head(repo, revision);
  // The ref went away since it was looked at: its envers are told of that by themselves.
  if (commit === undefined) throw new ThrottledError(`${repo.name} has no ${revision.ref} any more`, GONE_MS);
  const found = await blobs(repo, commit, deploy.path);
  if (revision.kind === 'branch') return putFiles(repo, revision.ref, differing([deploy], found), found);
  if (found.has(deploy.path)) return READY;
  const message = `the tag ${revision.ref} was made before there was ${deploy.path}: make a new tag`;
  return { state: 'waiting', condition: 'TagWithoutWorkflow', message };
}

/** @see prepareFiles */
export async function filesOnDefaultBranch(repo: Repo, files: readonly WorkflowFile[]): Promise<Readiness> {
  const found = await blobs(repo, undefined, files[0]?.path ?? '');
  return putFiles(repo, repo.defaultBranch, differing(files, found), found);
}

async function putFiles(
  repo: Repo,
  branch: string,
  files: readonly WorkflowFile[],
  found: ReadonlyMap<string, string>,
): Promise<Readiness> {
  for (const file of files) {
    try {
      await commitFile(repo, branch, file, found.get(file.path));
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal && isProtected(refusal)) return proposeFiles(repo, branch, files);
      if (refusal?.status === 409)
        throw new ThrottledError(`${repo.name} changed meanwhile`, COLLISION_MS, { cause: error });
      throw error;
    }
  }
  return READY;
}

/** GitHub has no status of its own for it. */
function isProtected({ status, message }: { status: number; message: string }): boolean {
  return (
    [403, 409, 422].includes(status) &&
    /protected branch|pull request|rule violation|status check|approving review|signed|signature/i.test(
      message,
    )
  );
}
