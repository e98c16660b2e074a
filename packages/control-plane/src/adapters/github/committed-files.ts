import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { ask, find } from './ask.js';
import type { Repo } from './repos.js';

/** A workflow file, by its path in the repository. */
export interface WorkflowFile {
  readonly path: string;
  readonly content: string;
}

/** What git calls the content of each file in the folder of `path`. */
export async function blobs(
  { client, at, name }: Repo,
  ref: string | undefined,
  path: string,
): Promise<ReadonlyMap<string, string>> {
  const query = { ...at, path: posix.dirname(path), ...(ref !== undefined && { ref }) };
  const answer = await find(name, () => client.repos.getContent(query));
  const entries = Array.isArray(answer?.data) ? answer.data : [];
  return new Map(entries.map((entry) => [entry.path, entry.sha]));
}

/** Those that are not there, or not with this content. */
export function differing(
  files: readonly WorkflowFile[],
  found: ReadonlyMap<string, string>,
): readonly WorkflowFile[] {
  return files.filter(({ path, content }) => found.get(path) !== blobHash(content));
}

/** Commits one file to a branch. @param sha what git calls the content that it replaces */
export async function commitFile(
  { client, at, name }: Repo,
  branch: string,
  { path, content }: WorkflowFile,
  sha: string | undefined,
): Promise<void> {
  const message = `Update ${posix.basename(path)}\n\nThe platform generates this file from the contracts.`;
  await ask(name, () =>
    client.repos.createOrUpdateFileContents({
      ...at,
      path,
      branch,
      message,
      content: Buffer.from(content).toString('base64'),
      ...(sha !== undefined && { sha }),
    }),
  );
}

function blobHash(content: string): string {
  const bytes = Buffer.from(content);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
