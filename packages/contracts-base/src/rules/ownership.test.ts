import { describe, expect, it } from 'vitest';
import { Build, Contracts, ContractsLibEnver, type Ownership, Revision } from '../constructs/index.js';
import { CoffeeShop, findings, messages, WORKSPACE } from '../testing/coffee-shop.js';

function shopWith(ownership: Ownership): CoffeeShop {
  const shop = new CoffeeShop();
  shop.enver('web', ownership);
  return shop;
}

describe('ODMD133 owner, cost centre and tags', () => {
  it.each<[string, Ownership]>([
    ['an empty owner', { owner: ' ' }],
    ['an owner with signs that AWS does not take', { owner: 'me <me@x>' }],
    ['a long cost centre', { costCentre: 'x'.repeat(257) }],
    ['an empty key', { tags: { '': 'x' } }],
    ['a long key', { tags: { ['k'.repeat(129)]: 'x' } }],
    ['a key with other signs', { tags: { 'a*b': 'x' } }],
    ['a reserved key', { tags: { 'aws:x': 'x' } }],
    ['a reserved key in capitals', { tags: { 'ODMD:enver': 'x' } }],
    ['a value with other signs', { tags: { a: '{x}' } }],
    ['a long value', { tags: { a: 'x'.repeat(257) } }],
    ['keys that differ in case only', { tags: { App: 'x', app: 'y' } }],
    ['too many', { tags: Object.fromEntries(Array.from({ length: 41 }, (_, n) => [`k${n}`, ''])) }],
  ])('refuse %s', (_, ownership) => {
    expect(findings(shopWith(ownership))).toEqual(['ODMD133 enver web/b..main']);
  });

  it('take what AWS takes', () => {
    const tags = { 'a b/c': '', app: 'web@main', 'größe:x': '1 + 2 = 3', ['k'.repeat(128)]: 'x'.repeat(256) };
    expect(findings(shopWith({ owner: 'Team Web', costCentre: '4711', tags }))).toEqual([]);
  });

  it('are told once, where they are declared', () => {
    const contracts = new Contracts('org', {
      accounts: { workspace1: { id: '222222222222' } },
      repos: { contracts: { owner: 'o', name: 'r' } },
      owner: '',
      tags: { 'a*': '' },
    });
    const build = new Build(contracts, 'contracts', { tags: { 'b*': '' } });
    for (const ref of ['main', 'eu'])
      new ContractsLibEnver(build, { ...WORKSPACE, revision: Revision.branch(ref) });
    expect(findings(contracts)).toEqual([
      'ODMD133 contracts',
      'ODMD133 contracts',
      'ODMD133 build contracts',
    ]);
    expect(messages(contracts, 'ODMD133')).toEqual([
      'the owner "" is not legal',
      'the tag key "a*" is not legal',
      'the tag key "b*" is not legal',
    ]);
  });
});
