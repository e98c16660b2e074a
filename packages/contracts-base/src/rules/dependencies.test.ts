import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  Build,
  Consumer,
  Contracts,
  ContractsLibEnver,
  Producer,
  Reaction,
  Revision,
  type ScriptEnver,
} from '../constructs/index.js';
import { CoffeeShop, findings, MAIN, messages, WORKSPACE } from '../testing/coffee-shop.js';

/** Envers that consume each other's `p` in a ring: each the next one's, the last the first one's. */
function ring(shop: CoffeeShop, ids: readonly string[], withPlaceholder: readonly string[]): void {
  const envers = ids.map((id) => shop.enver(id));
  const products = envers.map((enver) => new Producer(enver, 'p', { schema: z.string() }));
  envers.forEach((enver, at) => {
    const next = products[(at + 1) % products.length];
    const placeholder = withPlaceholder.includes(ids[at] ?? '') ? { placeholder: 'none yet' } : {};
    if (next) new Consumer(enver, 'next', next, placeholder);
  });
}

describe('ODMD107 immutable envers', () => {
  function tagged(shop: CoffeeShop, build: string): ScriptEnver {
    return shop.enver(build, { revision: Revision.tag('v1') });
  }

  it('consume nothing of a branch', () => {
    const shop = new CoffeeShop();
    new Consumer(tagged(shop, 'web'), 'bus', shop.bus);
    expect(findings(shop)).toEqual(['ODMD107 consumer bus of web/t..v1']);
  });

  it('may consume from tags, and branches may consume from them', () => {
    const shop = new CoffeeShop();
    const base = new Producer(tagged(shop, 'base'), 'p', { schema: z.string() });
    new Consumer(tagged(shop, 'web'), 'p', base);
    new Consumer(shop.orders, 'p', base);
    expect(findings(shop)).toEqual([]);
  });
});

describe('ODMD108 a build', () => {
  it('consumes nothing of its own, neither of another enver nor of the same', () => {
    const shop = new CoffeeShop();
    new Consumer(shop.enver('foundation', { revision: Revision.branch('dev') }), 'bus', shop.bus);
    new Consumer(shop.foundation, 'own', shop.bus);
    expect(findings(shop)).toEqual([
      'ODMD108 consumer bus of foundation/b..dev',
      'ODMD108 consumer own of foundation/b..main',
    ]);
  });
});

describe('ODMD109 the contractsLib', () => {
  it('is there', () => {
    const contracts = new Contracts('org', { accounts: {}, repos: {} });
    expect(findings(contracts)).toEqual(['ODMD109 contracts']);
  });

  it('is one build', () => {
    const shop = new CoffeeShop();
    new ContractsLibEnver(new Build(shop, 'more', { repo: 'shop' }), { ...WORKSPACE, revision: MAIN });
    expect(findings(shop)).toEqual(['ODMD109 contracts']);
    expect(messages(shop, 'ODMD109')).toEqual(['several builds have one: contracts, more']);
  });

  it('may have several envers', () => {
    const shop = new CoffeeShop();
    new ContractsLibEnver(shop.lib.build, {
      ...WORKSPACE,
      region: 'eu-west-1',
      revision: Revision.branch('eu'),
    });
    expect(findings(shop)).toEqual([]);
  });

  it('consumes nothing', () => {
    const shop = new CoffeeShop();
    new Consumer(shop.lib, 'bus', shop.bus);
    expect(findings(shop)).toEqual(['ODMD109 consumer bus of contracts/b..main']);
  });
});

describe('ODMD115 cycles', () => {
  it('cannot start without a placeholder', () => {
    const shop = new CoffeeShop();
    ring(shop, ['c', 'a', 'b'], []);
    expect(findings(shop)[0]).toBe('ODMD115 enver a/b..main, enver b/b..main, enver c/b..main');
    expect(messages(shop, 'ODMD115')).toEqual([
      'they wait for each other: c/b..main for /odmd-share/a/b..main/p, ' +
        'a/b..main for /odmd-share/b/b..main/p, b/b..main for /odmd-share/c/b..main/p',
    ]);
  });

  it('can start with one', () => {
    const shop = new CoffeeShop();
    ring(shop, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'], ['e']);
    expect(messages(shop, 'ODMD115')).toEqual([]);
    expect(shop.synth().ok).toBe(true);
  });

  it('are each reported, and one that can start is not', () => {
    const shop = new CoffeeShop();
    ring(shop, ['a', 'b'], []);
    ring(shop, ['c', 'd'], ['c']);
    ring(shop, ['e', 'f'], []);
    expect(findings(shop).filter((finding) => finding.startsWith('ODMD115'))).toEqual([
      'ODMD115 enver a/b..main, enver b/b..main',
      'ODMD115 enver e/b..main, enver f/b..main',
    ]);
  });
});

describe('ODMD121 other contracts', () => {
  it('have no products here', () => {
    const shop = new CoffeeShop();
    new Consumer(shop.orders, 'foreign', new CoffeeShop().bus);
    expect(findings(shop)).toEqual(['ODMD121 consumer foreign of orders/b..main']);
  });
});

describe('ODMD190 a product that nobody consumes', () => {
  it('is a warning', () => {
    const shop = new CoffeeShop();
    new Producer(shop.orders, 'api', { schema: z.string() });
    expect(findings(shop)).toEqual(['ODMD190 product api of orders/b..main']);
    expect(shop.synth().ok).toBe(true);
  });
});

describe('ODMD190 a public product', () => {
  it('is for people, and no warning', () => {
    const shop = new CoffeeShop();
    new Producer(shop.orders, 'url', { schema: z.url(), public: true });
    expect(findings(shop)).toEqual([]);
  });
});

describe('ODMD192 an enver that stands alone', () => {
  it('is a warning', () => {
    const shop = new CoffeeShop();
    shop.enver('web');
    const { warnings, ok } = shop.synth();
    expect(ok).toBe(true);
    expect(warnings).toMatchObject([{ code: 'ODMD192', where: 'enver web/b..main' }]);
  });

  it('is none when it consumes, is consumed or makes something public', () => {
    const shop = new CoffeeShop();
    new Consumer(shop.enver('reader'), 'bus', shop.bus);
    new Consumer(shop.orders, 'x', new Producer(shop.enver('writer'), 'x', { schema: z.string() }));
    new Producer(shop.enver('site'), 'url', { schema: z.url(), public: true });
    expect(shop.synth().warnings).toEqual([]);
  });
});

describe('ODMD193 a circle of deployments', () => {
  it('is a warning', () => {
    const shop = new CoffeeShop();
    ring(shop, ['a', 'b'], ['a']);
    expect(findings(shop)).toEqual(['ODMD193 enver a/b..main, enver b/b..main']);
    expect(shop.synth().ok).toBe(true);
  });

  it('is none when somebody ignores changes', () => {
    const shop = new CoffeeShop();
    const [a, b] = [shop.enver('a'), shop.enver('b')];
    const ofA = new Producer(a, 'p', { schema: z.string() });
    const ofB = new Producer(b, 'p', { schema: z.string() });
    new Consumer(a, 'b', ofB, { placeholder: 'none', onChange: Reaction.ignore() });
    new Consumer(b, 'a', ofA);
    expect(findings(shop)).toEqual([]);
  });
});
