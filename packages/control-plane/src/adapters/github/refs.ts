import { fullRef, parseFullRef, type RevisionRef } from '@ondemandenv/contracts-base';
import { ask, find } from './ask.js';
import { isOwnBranch } from './own-branches.js';
import type { Repo } from './repos.js';

const PER_PAGE = 100;
/** Tags of tags of tags are not made by accident. */
const MAX_PEELS = 5;

interface GitObject {
  readonly type: string;
  readonly sha: string;
}

/** The commit of a branch or tag: one request, one more for an annotated tag. */
export async function head(repo: Repo, revision: RevisionRef): Promise<string | undefined> {
  let object = await refObject(repo, revision);
  for (let peels = 0; object?.type === 'tag' && peels < MAX_PEELS; peels++)
    object = (await tagObject(repo, object.sha)).object;
  return object?.type === 'commit' ? object.sha : undefined;
}

/**
 * Every branch and tag with its commit: one request for the branches and one for the tags (more where GitHub pages
 * them), and where there are annotated tags one for every hundred tags, since only that listing says their commits.
 */
export async function refs(repo: Repo): Promise<{ revision: RevisionRef; sha: string }[]> {
  const [branches, tags] = await Promise.all([matching(repo, 'heads/'), matching(repo, 'tags/')]);
  const commits = tags.some(({ object }) => object.type === 'tag') ? await commitsOfTags(repo) : new Map();
  return [...branches, ...tags].flatMap(({ ref, object }) => {
    const revision = parseFullRef(ref);
    const sha = object.type === 'commit' ? object.sha : revision && commits.get(revision.ref);
    return revision && sha !== undefined && !isOwnBranch(ref) ? [{ revision, sha }] : [];
  });
}

/** A tag's annotation; without one, the message of its commit. Two requests. */
export async function tagMessage(repo: Repo, tag: string): Promise<string | undefined> {
  const object = await refObject(repo, { kind: 'tag', ref: tag });
  if (object?.type === 'tag') {
    const { message, object: target } = await tagObject(repo, object.sha);
    if (message.trim() !== '' || target.type !== 'commit') return message.trimEnd();
    return commitMessage(repo, target.sha);
  }
  return object?.type === 'commit' ? commitMessage(repo, object.sha) : undefined;
}

async function refObject({ client, at, name }: Repo, revision: RevisionRef): Promise<GitObject | undefined> {
  const full = fullRef(revision);
  const ref = full.slice('refs/'.length);
  const answer = await find(name, () => client.git.getRef({ ...at, ref }));
  return answer?.data.ref === full ? answer.data.object : undefined;
}

async function tagObject({ client, at, name }: Repo, tag_sha: string) {
  return (await ask(name, () => client.git.getTag({ ...at, tag_sha }))).data;
}

async function commitMessage({ client, at, name }: Repo, commit_sha: string): Promise<string> {
  return (await ask(name, () => client.git.getCommit({ ...at, commit_sha }))).data.message.trimEnd();
}

async function matching({ client, at, name }: Repo, ref: string) {
  const parameters = { ...at, ref, per_page: PER_PAGE };
  return (await find(name, () => client.paginate(client.git.listMatchingRefs, parameters))) ?? [];
}

async function commitsOfTags({ client, at, name }: Repo): Promise<Map<string, string>> {
  const tags = await ask(name, () => client.paginate(client.repos.listTags, { ...at, per_page: PER_PAGE }));
  return new Map(tags.map((tag) => [tag.name, tag.commit.sha]));
}
