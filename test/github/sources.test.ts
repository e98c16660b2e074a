import type { RevisionRef } from '@ondemandenv/contracts-base';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { json } from './answers.js';
import { GitHubEmulator, type SentRequest } from './emulator.js';
import { entryOf, type HostSettings, hostOf } from './source-host.bench.js';

let emulator: GitHubEmulator;
let repo: string;
beforeAll(async () => {
  emulator = await GitHubEmulator.start();
});
afterAll(() => emulator.close());
beforeEach(async () => {
  repo = await emulator.createRepo();
});

const main: RevisionRef = { kind: 'branch', ref: 'main' };
const feature: RevisionRef = { kind: 'branch', ref: 'feature/x' };
const host = (settings?: HostSettings) => hostOf(emulator, entryOf(repo), settings);

/** What a call asked of the repository, tokens and the repository itself left out. */
async function requestsOf(call: () => Promise<unknown>): Promise<string[]> {
  emulator.requests.length = 0;
  await call();
  return emulator.requests
    .map(({ method, path }) => `${method} ${path}`)
    .filter((text) => !/access_tokens$/.test(text) && text !== `GET /repos/${repo}`)
    .map((text) => text.replace(`/repos/${repo}`, ''));
}

describe('branches and tags', () => {
  it.each(['-x', 'a/b/c', 'x#1', 'x%2Fy', 'a&b=c', "it's", '+', '表'])('may be called %j', async (ref) => {
    const revision: RevisionRef = { kind: 'branch', ref };
    await emulator.push(repo, main, { message: 'one' });
    const sha = await emulator.push(repo, revision, { message: 'two' });
    expect(await host().head(repo, revision)).toBe(sha);
    expect(await host().head(repo, { kind: 'tag', ref })).toBeUndefined();
    expect(await host().refs(repo)).toContainEqual({ revision, sha });
  });

  it('are known by their commits, annotated or not', async () => {
    const sha = await emulator.push(repo, main, { message: 'one' });
    await emulator.push(repo, { kind: 'tag', ref: 'annotated' }, { message: 'a release' });
    await emulator.point(repo, { kind: 'tag', ref: 'light' }, sha);
    const subject = host();
    const expected = [main, { kind: 'tag', ref: 'annotated' }, { kind: 'tag', ref: 'light' }];
    expect(await subject.refs(repo)).toEqual(expected.map((revision) => ({ revision, sha })));
    for (const ref of ['annotated', 'light'])
      expect(await subject.head(repo, { kind: 'tag', ref })).toBe(sha);
    expect(await subject.tagMessage(repo, 'annotated')).toBe('a release');
    expect(await subject.tagMessage(repo, 'light')).toBe('one');
  });

  it('cost two requests, whatever their number', async () => {
    await emulator.push(repo, main, { message: 'one' });
    for (let n = 1; n <= 5; n++)
      await emulator.push(repo, { kind: 'branch', ref: `b${n}` }, { message: 'two' });
    const asked = await requestsOf(() => host().refs(repo));
    expect(asked).toHaveLength(2);
  });

  it('of the platform itself are left out', async () => {
    await emulator.push(repo, main, { message: 'one' });
    await emulator.push(repo, { kind: 'branch', ref: 'odmd/workflow-0123456789ab' }, { message: 'two' });
    expect(await host().refs(repo)).toHaveLength(1);
  });
});

describe('the hash of a source', () => {
  const workflow = '.github/workflows/ODMD_orders-script-us-west-1-dev.yaml';

  it('leaves generated files out, and costs one request per commit', async () => {
    const files = { 'a/one': '1', '.github/own': '1' };
    const before = await emulator.push(repo, main, { message: 'one', files });
    const after = await emulator.push(repo, main, { message: 'two', files: { [workflow]: 'generated' } });
    const own = await emulator.push(repo, main, {
      message: 'three',
      files: { '.github/workflows/own.yaml': '' },
    });
    const subject = host();
    for (const path of ['.', '.github', '.github/workflows', './a/']) {
      const [one, two, three] = await Promise.all(
        [before, after, own].map((sha) => subject.tree(repo, sha, [path])),
      );
      expect(two).toBe(one);
      if (path !== './a/') expect(three).not.toBe(one);
    }
    const asked = await requestsOf(async () => {
      const fresh = host();
      await Promise.all(['.', 'a', '.github'].map((path) => fresh.tree(repo, own, [path])));
    });
    expect(asked).toHaveLength(1);
  });

  it('is the same where GitHub cuts its answer short', async () => {
    const files = { 'a/b/one': '1', 'a/two': '2', [workflow]: 'generated', '.github/own': '3' };
    const sha = await emulator.push(repo, main, { message: 'one', files });
    const paths = [['.'], ['a'], ['a/b', '.github'], ['a/b/one'], ['a/none/at/all'], ['.github/workflows']];
    const cut = host({
      answer: ({ path }) =>
        path.includes('recursive=') ? json({ sha, tree: [], truncated: true }) : undefined,
    });
    for (const some of paths)
      expect(await cut.tree(repo, sha, some)).toBe(await host().tree(repo, sha, some));
    const asked = await requestsOf(() => cut.tree(repo, sha, ['a/b']));
    expect(asked).toHaveLength(0); // Folders that were read are kept with their commit.
  });

  it('of an unknown commit is an error', async () => {
    await emulator.push(repo, main, { message: 'one' });
    await expect(host().tree(repo, '0'.repeat(40), ['.'])).rejects.toMatchObject({ code: 'ODMD432' });
  });
});

describe('commits since a cursor', () => {
  it('follow first parents only, whichever branch was merged', async () => {
    await emulator.push(repo, main, { message: 'base' });
    const one = await emulator.push(repo, feature, { message: 'one' });
    const side = await emulator.commit(repo, one, { message: 'on side' });
    const merge = await emulator.commit(repo, one, { message: 'merge side' }, side);
    const two = await emulator.commit(repo, merge, { message: 'two' });
    const messages = async (cursor?: string) =>
      (await host().commitsSince(repo, two, cursor)).map(({ message }) => message);
    expect(await messages()).toEqual(['one', 'merge side', 'two']);
    expect(await messages(one)).toEqual(['merge side', 'two']);
    // It is an ancestor, but not on the chain.
    expect(await messages(side)).toEqual(['one', 'merge side', 'two']);
  });

  it('start again at the default branch after a force push; one request, or two', async () => {
    const base = await emulator.push(repo, main, { message: 'base' });
    const old = await emulator.push(repo, feature, { message: 'old' });
    const first = await emulator.commit(repo, base, { message: 'new' });
    const second = await emulator.commit(repo, first, { message: 'newer' });
    const subject = host();
    expect(await subject.commitsSince(repo, second, old)).toEqual([
      { sha: first, message: 'new' },
      { sha: second, message: 'newer' },
    ]);
    expect(await requestsOf(() => subject.commitsSince(repo, second, first))).toHaveLength(1);
    expect(await requestsOf(() => subject.commitsSince(repo, second, old))).toHaveLength(2);
    expect(await requestsOf(() => subject.commitsSince(repo, second, second))).toHaveLength(0);
  });

  it('are read page by page', async () => {
    let head = await emulator.push(repo, main, { message: 'base' });
    const shas: string[] = [];
    for (let n = 0; n < 105; n++) {
      head = await emulator.commit(repo, head, { message: `commit ${n}` });
      shas.push(head);
    }
    const subject = host();
    expect((await subject.commitsSince(repo, head, undefined)).map(({ sha }) => sha)).toEqual(shas);
    expect(await subject.commitsSince(repo, head, shas[2])).toHaveLength(102);
    expect(await requestsOf(() => subject.commitsSince(repo, head, undefined))).toHaveLength(2);
  });

  it('are all of a history that has nothing in common with the default branch', async () => {
    await emulator.push(repo, main, { message: 'base' });
    const root = await emulator.commit(repo, undefined, { message: 'root' });
    const head = await emulator.commit(repo, root, { message: 'head' });
    expect(await host().commitsSince(repo, head, undefined)).toHaveLength(2);
    await expect(host().commitsSince(repo, 'f'.repeat(40), undefined)).rejects.toMatchObject({
      code: 'ODMD432',
    });
  });
});

describe('pull requests', () => {
  it('from forks are never seen', async () => {
    const id = (await emulator.rest('GET', `/repos/${repo}`)).id;
    const pull = (number: number, repoId: number | null) => ({
      number,
      closed_at: null,
      updated_at: '2026-01-01T00:00:00Z',
      head: { ref: `branch-${number}`, repo: repoId === null ? null : { id: repoId } },
    });
    const answer = ({ path }: SentRequest) =>
      path.includes('state=open') ? json([pull(1, id), pull(2, id + 1), pull(3, null)]) : undefined;
    expect(await host({ answer }).pullRequests(repo, 0)).toEqual([{ number: 1, branch: 'branch-1' }]);
  });
});
