import { posix } from 'node:path';
import type { Readiness } from '../../ports/source-host.js';
import { ask, find } from './ask.js';
import { blobs, commitFile, differing, type WorkflowFile } from './committed-files.js';
import { ownBranch } from './own-branches.js';
import { openPullRequest } from './pull-requests.js';
import { head } from './refs.js';
import type { Repo } from './repos.js';

/**
 * Offers files for a branch that takes no commits, as one pull request from a branch of the platform's own: an open one
 * gets the newest content, and only without one a new one is made.
 */
export async function proposeFiles(
  repo: Repo,
  base: string,
  files: readonly WorkflowFile[],
): Promise<Readiness> {
  const path = files[0]?.path ?? '';
  const branch = ownBranch(base, path);
  const open = await openPullRequest(repo, branch);
  if (!open) await startBranch(repo, base, branch);
  const found = await blobs(repo, await head(repo, { kind: 'branch', ref: branch }), path);
  for (const file of differing(files, found)) await commitFile(repo, branch, file, found.get(file.path));
  const number = open?.number ?? (await openNew(repo, base, branch, files));
  const message = `${base} is protected: merge pull request #${number}, which adds ${posix.basename(path)}`;
  return { state: 'waiting', condition: 'WaitingForWorkflow', message };
}

/** A branch that was left behind by an earlier proposal starts over. */
async function startBranch(repo: Repo, base: string, branch: string): Promise<void> {
  const { client, at, name } = repo;
  const sha = (await head(repo, { kind: 'branch', ref: base })) ?? '';
  const ref = `heads/${branch}`;
  const left = await find(name, () => client.git.getRef({ ...at, ref }));
  if (left) await ask(name, () => client.git.updateRef({ ...at, ref, sha, force: true }));
  else await ask(name, () => client.git.createRef({ ...at, ref: `refs/${ref}`, sha }));
}

async function openNew(
  { client, at, name }: Repo,
  base: string,
  branch: string,
  files: readonly WorkflowFile[],
): Promise<number> {
  const body = [
    'The platform needs these files to start jobs, and this branch takes commits from pull requests only:',
    '',
    ...files.map(({ path }) => `- \`${path}\``),
    '',
    'They are generated from the contracts. They depend on the build, its account and its region alone.',
  ].join('\n');
  const title = `Add ${posix.basename(files[0]?.path ?? '')}`;
  const { data } = await ask(name, () => client.pulls.create({ ...at, base, head: branch, title, body }));
  return data.number;
}
