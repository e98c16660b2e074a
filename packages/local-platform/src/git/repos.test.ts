import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { GitRepos } from './repos.js';
import { Sandbox } from './sandbox.test.fixture.js';

const sandbox = new Sandbox();
const { repos } = sandbox;
afterAll(() => sandbox.remove());

describe('bare repositories', () => {
  test('are made on demand, once, and listed', async () => {
    expect(repos.list()).toEqual([]);
    expect(repos.find('coffee/shop')).toBeUndefined();
    const [one, two] = await Promise.all([repos.ensure('coffee/shop'), repos.ensure('coffee/shop')]);
    expect(one).toBe(two);
    expect(one.folder).toBe(join(sandbox.home, 'git/coffee/shop.git'));
    await repos.ensure('coffee/a.b');
    expect(repos.list()).toEqual(['coffee/a.b', 'coffee/shop']);
    expect((await one.git(['symbolic-ref', 'HEAD'])).stdout).toBe('refs/heads/main\n');
  });

  test('are completed when their making was cut short', async () => {
    const { folder } = await repos.ensure('half/made');
    rmSync(join(folder, 'HEAD'));
    rmSync(join(folder, 'hooks'), { recursive: true });
    expect(repos.find('half/made')).toBeUndefined();
    const { git } = await new GitRepos({ home: sandbox.home }).ensure('half/made');
    expect((await git(['rev-parse', '--is-bare-repository'])).stdout).toBe('true\n');
  });

  test.each([
    'shop',
    'a/b/c',
    '../etc/x',
    'a/..',
    './a',
    'a/-b',
    'a/b.git',
    'a/b c',
    'a/',
    'a/$(id)',
    'a/b\n',
  ])('refuse the name %j', async (name) => {
    expect(repos.find(name)).toBeUndefined();
    await expect(repos.ensure(name)).rejects.toMatchObject({ code: 'ODMD621' });
  });

  test('report what git says', async () => {
    const repo = await repos.ensure('coffee/shop');
    await expect(repo.git(['rev-parse', '--verify', 'nothing'])).rejects.toMatchObject({
      code: 'ODMD620',
      message: 'git rev-parse failed: fatal: Needed a single revision',
      where: repo.folder,
    });
  });
});
