import { describe, expect, it } from 'vitest';
import { targetOf, targetsOf } from './target.js';
import { expression } from './testing/expression.js';
import { enver, manifest } from './testing/org.js';

const problem = (of: Parameters<typeof targetsOf>[0]) => {
  try {
    targetsOf(of);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('targets', () => {
  it('are one per build, account and region, however many envers share it', () => {
    const tag = { kind: 'tag', ref: 'v1' } as const;
    const found = targetsOf(
      manifest(
        enver(),
        enver({ id: 'orders/t..v1', revision: tag }),
        enver({ id: 'orders/b..dev', region: 'eu-west-1' }),
        enver({ id: 'orders/b..x', account: { name: 'other', id: '333333333333' } }),
        enver({ build: 'menu', kind: 'script' }),
      ),
    );
    expect(found.map(({ build, account, region }) => [build, account.name, region])).toEqual([
      ['menu', 'work', 'eu-north-1'],
      ['orders', 'other', 'eu-north-1'],
      ['orders', 'work', 'eu-north-1'],
      ['orders', 'work', 'eu-west-1'],
    ]);
    expect(found[0]).toMatchObject({ centralAccount: '111111111111', homeRegion: 'eu-west-1' });
  });

  it('of a clone is that of its base', () => {
    const platform = { centralAccount: '111111111111', homeRegion: 'eu-west-1' };
    const clone = enver({ id: 'orders/b..main-_b..x', cloneOf: 'orders/b..main' });
    expect(targetOf(clone, platform)).toEqual(targetsOf(manifest(enver()))[0]);
  });

  it('need a home region', () => {
    const { regions: _, ...without } = manifest(enver());
    expect(problem(without)).toMatchObject({
      code: 'ODMD801',
      fix: expect.stringContaining('declare regions on Contracts'),
    });
    expect(problem({ ...manifest(enver()), regions: [] })).toMatchObject({ code: 'ODMD801' });
  });

  it('need a central account', () => {
    const { accounts: _, ...rest } = manifest(enver());
    expect(problem({ ...rest, accounts: { work: { id: '222222222222' } } })).toMatchObject({
      code: 'ODMD802',
    });
  });

  it.each(['../../x', 'a/b', 'a b', '', '-a', 'a\nb', expression('github.token'), 'a"b', '功'])(
    'have no account named %j',
    (name) => {
      expect(problem(manifest(enver({ account: { name, id: '222222222222' } })))).toMatchObject({
        code: 'ODMD803',
      });
    },
  );

  it.each(['../x', 'eu-north-1\n', 'eu', expression('x')])('have no region %j', (region) => {
    expect(problem(manifest(enver({ region })))).toMatchObject({ code: 'ODMD803' });
    expect(problem({ ...manifest(enver()), regions: [region] })).toMatchObject({ code: 'ODMD803' });
  });
});
