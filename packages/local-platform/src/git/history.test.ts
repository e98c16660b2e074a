import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { commitsSince, isAncestor, MAX_COMMITS } from './history.js';
import type { BareRepo } from './repos.js';
import { Sandbox, type Work } from './sandbox.test.fixture.js';

const sandbox = new Sandbox();
let repo: BareRepo;
let work: Work;
let count = 0;
const UNKNOWN = '0123456789abcdef0123456789abcdef01234567';

beforeEach(async () => {
  count += 1;
  repo = await sandbox.repos.ensure(`history/case${count}`);
  work = await sandbox.work(`history/case${count}`);
  await work.commit('base');
  await work.store('main');
});
afterAll(() => sandbox.remove());

const messages = async (head: string, cursor?: string) =>
  (await commitsSince(repo, head, cursor)).map(({ message }) => message);

describe('commits since a cursor', () => {
  test('are those after it, oldest first, with their messages whole', async () => {
    await work.git('checkout', '--quiet', '-b', 'feature');
    const first = await work.commit('one');
    const second = await work.commit('two\n\n功能 "quoted" $(id)\n\nodmd: create@main');
    const third = await work.commit('three');
    await work.store('feature');
    expect(await commitsSince(repo, third, first)).toEqual([
      { sha: second, message: 'two\n\n功能 "quoted" $(id)\n\nodmd: create@main' },
      { sha: third, message: 'three' },
    ]);
    expect(await messages(third, third)).toEqual([]);
  });

  test('start at the merge base with the default branch for a new ref', async () => {
    await work.git('checkout', '--quiet', '-b', 'feature');
    const tip = await work.commit('one');
    await work.store('feature');
    expect(await messages(tip)).toEqual(['one']);
    expect(await messages(tip, UNKNOWN)).toEqual(['one']);
    expect(await messages(tip, '--all')).toEqual(['one']);
  });

  test('start there again after a force push', async () => {
    await work.git('checkout', '--quiet', '-b', 'feature');
    const old = await work.commit('old');
    await work.store('feature');
    await work.git('reset', '--quiet', '--hard', 'main');
    await work.commit('new one');
    const tip = await work.commit('new two');
    await work.store('--force', 'feature');
    expect(await messages(tip, old)).toEqual(['new one', 'new two']);
  });

  test('follow first parents only, whichever branch was merged', async () => {
    await work.git('checkout', '--quiet', '-b', 'side');
    const side = await work.commit('on side');
    await work.git('checkout', '--quiet', '-b', 'feature', 'main');
    const one = await work.commit('one');
    await work.git('merge', '--quiet', '--no-ff', '-m', 'merge side', 'side');
    await work.git('checkout', '--quiet', 'main');
    await work.commit('on main');
    await work.git('checkout', '--quiet', 'feature');
    await work.git('merge', '--quiet', '--no-ff', '-m', 'merge main', 'main');
    const tip = await work.commit('two');
    await work.store('main', 'feature');

    expect(await messages(tip)).toEqual(['one', 'merge side', 'merge main', 'two']);
    expect(await messages(tip, one)).toEqual(['merge side', 'merge main', 'two']);
    // An ancestor, but not on the chain.
    expect(await messages(tip, side)).toEqual(['one', 'merge side', 'merge main', 'two']);
  });

  test('are the whole chain when nothing is shared with the default branch', async () => {
    await work.git('checkout', '--quiet', '--orphan', 'other');
    await work.commit('root');
    const tip = await work.commit('child');
    await work.store('other');
    expect(await messages(tip)).toEqual(['root', 'child']);
  });

  test('are the newest when there are too many', async () => {
    const cursor = await work.git('rev-parse', 'main');
    const input = Array.from({ length: MAX_COMMITS + 5 }, (_, at) => {
      const from = at === 0 ? 'from refs/heads/main^0\n' : '';
      return `commit refs/heads/long\ncommitter D <d@e> 1700000000 +0000\ndata <<E\nn${at}\nE\n${from}\n`;
    });
    await work.fastImport(input.join(''));
    await work.store('long');
    const tip = await work.git('rev-parse', 'long');
    const found = await messages(tip, cursor);
    expect([found.length, found[0], found.at(-1)]).toEqual([MAX_COMMITS, 'n5', `n${MAX_COMMITS + 4}`]);
  });

  test('of an unknown head are an error', async () => {
    await expect(commitsSince(repo, UNKNOWN, undefined)).rejects.toMatchObject({ code: 'ODMD622' });
  });
});

test('ancestry', async () => {
  const base = await work.git('rev-parse', 'main');
  const tip = await work.commit('next');
  await work.store('main');
  expect(await isAncestor(repo, base, tip)).toBe(true);
  expect(await isAncestor(repo, tip, tip)).toBe(true);
  expect(await isAncestor(repo, tip, base)).toBe(false);
  expect(await isAncestor(repo, UNKNOWN, tip)).toBe(false);
  expect(await isAncestor(repo, 'main', tip)).toBe(false);
});
