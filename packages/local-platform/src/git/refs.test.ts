import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { head, refs, tagMessage } from './refs.js';
import type { BareRepo } from './repos.js';
import { Sandbox, type Work } from './sandbox.test.fixture.js';

const sandbox = new Sandbox();
let repo: BareRepo;
let work: Work;
let sha: string;

beforeAll(async () => {
  repo = await sandbox.repos.ensure('coffee/shop');
  work = await sandbox.work('coffee/shop');
  sha = await work.commit('First\n\nodmd: create@main');
});
afterAll(() => sandbox.remove());

const branch = (ref: string) => ({ kind: 'branch', ref }) as const;
const tag = (ref: string) => ({ kind: 'tag', ref }) as const;

describe('refs', () => {
  test('are none in an empty repo', async () => {
    const empty = await sandbox.repos.ensure('coffee/empty');
    expect(await refs(empty)).toEqual([]);
    expect(await head(empty, branch('main'))).toBeUndefined();
  });

  test('may have any legal name', async () => {
    const names = ['$(id)', 'a";id;"', '功能', '-x', "it's/one", '&&|', 'feature/login'];
    await work.store(...names.map((name) => `main:refs/heads/${name}`));
    for (const name of names) expect(await head(repo, branch(name))).toBe(sha);
    const found = await refs(repo);
    expect(found.map(({ revision }) => revision.ref).sort()).toEqual(names.sort());
    expect(new Set(found.map((entry) => entry.sha))).toEqual(new Set([sha]));
  });

  test.each(['feature', 'feature/*', 'feature/login~0', 'feature/login:', 'login', '', '--all'])(
    'that are no branch are not found: %j',
    async (name) => {
      expect(await head(repo, branch(name))).toBeUndefined();
    },
  );

  test('of one kind do not stand for another', async () => {
    await work.store('main:refs/tags/refs/heads/ghost');
    expect(await head(repo, branch('ghost'))).toBeUndefined();
    expect(await head(repo, tag('refs/heads/ghost'))).toBe(sha);
  });

  test('that are tags are followed to their commit, and have a text', async () => {
    await work.git('tag', 'light');
    await work.git('tag', '-a', '-m', 'Release\n\nodmd: create svc@main — 功能', 'v1');
    await work.git('tag', '-a', '-m', 'around v1', 'outer', 'v1');
    await work.git('tag', '-a', '-m', '', 'silent');
    await work.git('tag', 'tree', 'main^{tree}');
    await work.store('--tags');
    for (const name of ['light', 'v1', 'outer', 'silent']) expect(await head(repo, tag(name))).toBe(sha);
    expect(await head(repo, tag('tree'))).toBeUndefined();
    expect((await refs(repo)).filter(({ revision }) => revision.kind === 'tag')).toHaveLength(5);

    expect(await tagMessage(repo, 'light')).toBe('First\n\nodmd: create@main');
    expect(await tagMessage(repo, 'silent')).toBe('First\n\nodmd: create@main');
    expect(await tagMessage(repo, 'v1')).toBe('Release\n\nodmd: create svc@main — 功能');
    expect(await tagMessage(repo, 'outer')).toBe('around v1');
    expect(await tagMessage(repo, 'tree')).toBeUndefined();
    expect(await tagMessage(repo, 'missing')).toBeUndefined();
  });
});
