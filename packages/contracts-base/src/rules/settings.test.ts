import { describe, expect, it } from 'vitest';
import {
  Build,
  ContractsLibEnver,
  Revision,
  type ScriptEnverProps,
  UserAuthEnver,
} from '../constructs/index.js';
import { CoffeeShop, findings, messages, WORKSPACE } from '../testing/coffee-shop.js';

function shopWith(props: Partial<ScriptEnverProps>): CoffeeShop {
  const shop = new CoffeeShop();
  shop.enver('web', props);
  return shop;
}

describe('ODMD122 commands', () => {
  it.each([
    ['none that deploys', { deploy: [] }],
    ['an empty one that deploys', { deploy: ['make', ' '] }],
    ['an empty one that destroys', { destroy: [''] }],
    ['an empty one that tests', { test: ['make test', ''] }],
  ])('refuses %s', (_, props) => {
    expect(findings(shopWith(props))).toEqual(['ODMD122 enver web/b..main']);
  });

  it('takes an enver without teardown', () => {
    expect(findings(shopWith({ deploy: ['make'], destroy: [] }))).toEqual([]);
  });
});

describe('ODMD123 timeouts', () => {
  it.each([0, -1, 361, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d minutes', (timeoutMinutes) => {
    const shop = shopWith({ timeoutMinutes });
    expect(findings(shop)).toEqual(['ODMD123 enver web/b..main']);
    expect(messages(shop, 'ODMD123')).toEqual([`timeoutMinutes is ${timeoutMinutes}`]);
  });

  it.each([0.5, 1, 360])('takes %d minutes', (timeoutMinutes) => {
    expect(findings(shopWith({ timeoutMinutes }))).toEqual([]);
  });
});

describe('ODMD124 clones', () => {
  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses at most %d', (max) => {
    expect(findings(shopWith({ clones: { max } }))).toEqual(['ODMD124 enver web/b..main']);
  });

  it.each([0, 1, 5000])('takes at most %d', (max) => {
    expect(findings(shopWith({ clones: { max } }))).toEqual([]);
  });

  it('takes off', () => {
    expect(findings(shopWith({ clones: 'off' }))).toEqual([]);
  });
});

describe('ODMD129 clones that come and go by themselves', () => {
  it.each(['', 'a b', 'feature/**', '/x', 'a..b', 'x.lock', '*/', '-*'])(
    'refuses the pattern %j',
    (pattern) => {
      expect(findings(shopWith({ clones: { auto: [pattern] } }))).toEqual(['ODMD129 enver web/b..main']);
    },
  );

  it.each(['', '72', 'h', '0h', '72 h', '1.5h', '2w', '123456m'])('refuses the expiry %j', (expires) => {
    expect(findings(shopWith({ clones: { expires } }))).toEqual(['ODMD129 enver web/b..main']);
  });

  it('refuses a pattern twice', () => {
    expect(messages(shopWith({ clones: { auto: ['x/*', 'x/*'] } }), 'ODMD129')).toEqual([
      'clones.auto has x/* twice',
    ]);
  });

  it.each(['90m', '72h', '7d'])('takes the expiry %j', (expires) => {
    const auto = ['feature/*', 'ai/*', '*', 'release-*-x', 'one'];
    expect(findings(shopWith({ clones: { auto, expires } }))).toEqual([]);
  });
});

describe('ODMD138 the contractsLib', () => {
  it('is built from a branch', () => {
    const shop = new CoffeeShop();
    new ContractsLibEnver(shop.lib.build, { ...WORKSPACE, revision: Revision.tag('v1') });
    expect(findings(shop)).toEqual(['ODMD138 enver contracts/t..v1']);
  });

  it('is never cloned', () => {
    class Cloned extends ContractsLibEnver {
      override readonly clones = { max: 1, auto: [] };
    }
    const shop = new CoffeeShop();
    new Cloned(shop.lib.build, { ...WORKSPACE, revision: Revision.branch('dev') });
    expect(findings(shop)).toEqual(['ODMD138 enver contracts/b..dev']);
  });
});

describe('ODMD141 user-auth', () => {
  it('is never cloned, whatever a subclass says', () => {
    class Cloned extends UserAuthEnver {
      override readonly clones = { max: 1, auto: [] };
    }
    const shop = new CoffeeShop();
    const place = { ...WORKSPACE, revision: Revision.branch('main') };
    new UserAuthEnver(new Build(shop, 'auth', { repo: 'shop' }), place);
    new Cloned(new Build(shop, 'cloned', { repo: 'shop' }), place);
    expect(findings(shop)).toEqual(['ODMD141 enver cloned/b..main']);
  });
});
