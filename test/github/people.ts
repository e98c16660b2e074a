import { fullRef, type RevisionRef } from '@ondemandenv/contracts-base';

/** Of a person who may do everything. */
export const ADMIN = 'token-of-the-admin';

interface Change {
  readonly message: string;
  readonly files?: Readonly<Record<string, string>>;
  /** The commit that it comes after, instead of the newest of the ref. */
  readonly from?: string;
}

/** What people do in the repositories of an organisation, by GitHub's own API. */
export class People {
  private repos = 0;

  /** @param owner name of the organisation */
  protected constructor(
    readonly url: string,
    protected readonly owner: string,
  ) {}

  /** Makes an empty repository. @returns `owner/name` */
  async createRepo(name = `repo-${++this.repos}`): Promise<string> {
    await this.rest('POST', `/orgs/${this.owner}/repos`, { name });
    return `${this.owner}/${name}`;
  }

  async deleteRepo(repo: string): Promise<void> {
    await this.rest('DELETE', `/repos/${repo}`);
  }

  /** Commits on a branch, made from main if it is new, or makes an annotated tag there. @returns the commit */
  async push(repo: string, revision: RevisionRef, change: Change): Promise<string> {
    const own = revision.kind === 'branch' ? await this.headOf(repo, revision) : undefined;
    const parent = change.from ?? own ?? (await this.headOf(repo, { kind: 'branch', ref: 'main' }));
    if (revision.kind === 'tag') return this.tag(repo, revision.ref, parent ?? '', change.message);
    const commit = await this.commit(repo, parent, change);
    await this.point(repo, revision, commit);
    return commit;
  }

  /** Lets a branch or tag name this commit, or this tag object. */
  async point(repo: string, revision: RevisionRef, sha: string): Promise<void> {
    const ref = fullRef(revision);
    const path = `/repos/${repo}/git/${encodeURI(ref)}`;
    const exists = (await this.headOf(repo, revision)) !== undefined;
    if (exists) await this.rest('PATCH', path, { sha, force: true });
    else await this.rest('POST', `/repos/${repo}/git/refs`, { ref, sha });
  }

  async deleteRef(repo: string, revision: RevisionRef): Promise<void> {
    const [, folder, ...name] = fullRef(revision).split('/');
    await this.rest('DELETE', `/repos/${repo}/git/refs/${folder}/${encodeURIComponent(name.join('/'))}`);
  }

  /** A commit that no ref names. @returns its sha */
  async commit(
    repo: string,
    parent: string | undefined,
    { message, files = {} }: Change,
    ...merged: string[]
  ) {
    const base = parent && (await this.rest('GET', `/repos/${repo}/git/commits/${parent}`));
    const tree = Object.entries(files).map(([path, content]) => ({
      path,
      content,
      mode: '100644',
      type: 'blob',
    }));
    const made = await this.rest('POST', `/repos/${repo}/git/trees`, {
      tree,
      ...(base && { base_tree: base.tree.sha }),
    });
    const parents = parent === undefined ? [] : [parent, ...merged];
    const commit = { message, tree: made.sha, parents };
    return String((await this.rest('POST', `/repos/${repo}/git/commits`, commit)).sha);
  }

  async openPullRequest(repo: string, branch: string): Promise<{ number: number; close(): Promise<void> }> {
    const { number } = await this.rest('POST', `/repos/${repo}/pulls`, {
      title: 'T',
      head: branch,
      base: 'main',
    });
    return {
      number,
      close: async () =>
        void (await this.rest('PATCH', `/repos/${repo}/pulls/${number}`, { state: 'closed' })),
    };
  }

  /** Asks the emulator for something as a person who may do everything. */
  // biome-ignore lint/suspicious/noExplicitAny: what GitHub answers has as many types as it has requests
  async rest(method: string, path: string, body?: unknown): Promise<any> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `token ${ADMIN}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  private async headOf(repo: string, revision: RevisionRef): Promise<string | undefined> {
    const ref = fullRef(revision);
    const found: { ref: string; object: { sha: string } }[] = await this.rest(
      'GET',
      `/repos/${repo}/git/matching-refs/${revision.kind === 'branch' ? 'heads' : 'tags'}/`,
    );
    return found.find((one) => one.ref === ref)?.object.sha;
  }

  private async tag(repo: string, tag: string, object: string, message: string): Promise<string> {
    const made = await this.rest('POST', `/repos/${repo}/git/tags`, { tag, message, object, type: 'commit' });
    await this.point(repo, { kind: 'tag', ref: tag }, made.sha);
    return object;
  }
}
