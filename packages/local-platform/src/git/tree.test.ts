import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BareRepo } from './repos.js';
import { Sandbox, type Work } from './sandbox.test.fixture.js';
import { treeHash } from './tree.js';

const sandbox = new Sandbox();
let repo: BareRepo;
let work: Work;
let first: string;

beforeAll(async () => {
  repo = await sandbox.repos.ensure('coffee/shop');
  work = await sandbox.work('coffee/shop');
  first = await work.commit('first', { 'a/one': '1', 'b/two': '2', '功能/-x': '3', 'x*': '4' });
});
afterAll(() => sandbox.remove());

async function hash(files: Record<string, string>, ...paths: string[]): Promise<string> {
  const sha = await work.commit('change', files);
  await work.store('--force', 'main');
  return treeHash(repo, sha, paths);
}

describe('the hash of a source', () => {
  test('changes with the content of its paths alone', async () => {
    const [a, root] = [await hash({}, 'a'), await hash({}, '.')];
    expect(await hash({ 'b/two': 'changed' }, 'a')).toBe(a);
    expect(await hash({}, '.')).not.toBe(root);
    expect(await hash({ 'a/one': 'changed' }, 'a')).not.toBe(a);
    expect(await hash({ 'a/one': '1' }, 'a')).toBe(a);
    expect(await hash({ 'a/one': '#!' }, 'a')).not.toBe(a);
  });

  test('knows every path by any spelling, and one that is not there', async () => {
    await work.store('--force', 'main');
    const of = (...paths: string[]) => treeHash(repo, first, paths);
    expect(await of('a', 'b')).toBe(await of('./b/', 'a/../a', 'b'));
    const all = await Promise.all(
      ['a', 'b', '功能', '功能/-x', 'x*', 'x', 'missing', '-x', '../a', '/a', '.'].map((path) => of(path)),
    );
    expect(new Set(all).size).toBe(all.length);
    expect(await of('.', 'missing')).not.toBe(await of('.'));
  });

  test('leaves generated files out', async () => {
    const paths = ['.', '.github', '.github/workflows'];
    const before: string[] = [];
    for (const path of paths) before.push(await hash({}, path));
    const generated = { '.github/workflows/ODMD_svc-script-us-west-1-dev.yaml': 'generated' };
    for (const [at, path] of paths.entries()) expect(await hash(generated, path)).toBe(before[at]);

    const own = { ...generated, '.github/workflows/own.yaml': 'own' };
    for (const [at, path] of paths.entries()) expect(await hash(own, path)).not.toBe(before[at]);
  });

  test('of an unknown commit is an error', async () => {
    await expect(treeHash(repo, '0'.repeat(40), ['.'])).rejects.toMatchObject({ code: 'ODMD622' });
  });
});
