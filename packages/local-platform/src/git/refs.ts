import { fullRef, parseFullRef, type RevisionRef } from '@ondemandenv/contracts-base';
import type { BareRepo } from './repos.js';

interface Head {
  readonly revision: RevisionRef;
  readonly sha: string;
}

/** Every branch and tag with its commit; tags of anything but a commit are left out. */
export function refs(repo: BareRepo): Promise<Head[]> {
  return heads(repo, ['refs/heads', 'refs/tags']);
}

export async function head(repo: BareRepo, revision: RevisionRef): Promise<string | undefined> {
  // The pattern also matches what lies below it and may contain globs: only the ref itself is meant.
  const found = await heads(repo, [fullRef(revision)]);
  return found.find(({ revision: { kind, ref } }) => kind === revision.kind && ref === revision.ref)?.sha;
}

/** A tag's annotation; without one, the message of its commit. */
export async function tagMessage(repo: BareRepo, tag: string): Promise<string | undefined> {
  const name = fullRef({ kind: 'tag', ref: tag });
  const format = '%(refname)%00%(objecttype)%00%(contents)%00%(*contents)%00';
  const { stdout } = await repo.git(['for-each-ref', `--format=${format}`, name]);
  const [found, type = '', message = '', commitMessage = ''] = stdout.split('\0');
  if (found !== name || !['commit', 'tag'].includes(type)) return undefined;
  return (message || commitMessage).trimEnd();
}

async function heads(repo: BareRepo, patterns: readonly string[]): Promise<Head[]> {
  const format = '%(refname)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)';
  const { stdout } = await repo.git(['for-each-ref', `--format=${format}`, ...patterns]);
  const found: Head[] = [];
  for (const line of stdout.split('\n')) {
    const [ref = '', type, own = '', targetType, target = ''] = line.split('\0');
    const revision = parseFullRef(ref);
    // A tag of a tag: only a look at the object leads to the commit.
    const sha =
      type === 'commit' ? own : targetType === 'commit' ? target : type === 'tag' && (await peel(repo, own));
    if (revision && sha) found.push({ revision, sha });
  }
  return found;
}

async function peel(repo: BareRepo, sha: string): Promise<string | undefined> {
  const { code, stdout } = await repo.git(['rev-parse', '--verify', '--quiet', `${sha}^{commit}`], [0, 1]);
  return code === 0 ? stdout.trim() : undefined;
}
