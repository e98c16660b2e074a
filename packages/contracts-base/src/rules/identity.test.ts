import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Build, Consumer, Contracts, ContractsLibEnver, Producer, Revision } from '../constructs/index.js';
import { CoffeeShop, findings, MAIN, messages, WORKSPACE } from '../testing/coffee-shop.js';

const schema = z.string();

/** A product that somebody consumes. */
function product(shop: CoffeeShop, id: string, scope: CoffeeShop['foundation'] | Producer = shop.foundation) {
  const made = new Producer(scope, id, { schema });
  new Consumer(shop.orders, `of-${shop.orders.consumers.length}`, made);
  return made;
}

describe('ODMD104 build ids', () => {
  it.each(['config', 'odmd-orders', 'ODMD-x', '', 'a.b', 'a b', 'a/b', '功能', 'x'.repeat(65)])(
    'refuses %j',
    (id) => {
      const shop = new CoffeeShop();
      shop.enver(id, { deploy: ['true'] });
      expect(findings(shop)).toContain(`ODMD104 build ${JSON.stringify(id)}`);
    },
  );

  it.each(['a', 'A-b_9', '-', 'x'.repeat(64)])('takes %j', (id) => {
    const shop = new CoffeeShop();
    shop.enver(id);
    expect(findings(shop)).toEqual([]);
  });
});

describe('ODMD105 build ids that are too much alike', () => {
  it.each(['orders', 'Orders'])('refuses %j beside orders', (id) => {
    const shop = new CoffeeShop();
    new Build(shop, id, { repo: 'shop' });
    expect(findings(shop)).toContain('ODMD105 build orders');
    expect(messages(shop, 'ODMD105')).toEqual([`2 builds have ids that are too much alike: orders, ${id}`]);
  });

  it('refuses ids that are equal after sanitising', () => {
    const shop = new CoffeeShop();
    shop.enver('order_api');
    shop.enver('order-api');
    expect(findings(shop)).toEqual(['ODMD105 build order_api']);
  });
});

describe('ODMD106 one enver on one ref', () => {
  it.each(['main', 'MAIN'])('refuses a second enver on %j', (ref) => {
    const shop = new CoffeeShop();
    shop.enver('orders', { revision: Revision.branch(ref) });
    expect(findings(shop)).toEqual(['ODMD106 build orders']);
  });

  it('takes a branch and a tag of one name, and several branches', () => {
    const shop = new CoffeeShop();
    shop.enver('orders', { revision: Revision.tag('main') });
    shop.enver('orders', { revision: Revision.branch('dev') });
    expect(findings(shop)).toEqual([]);
  });
});

describe('ODMD110 product names', () => {
  it.each(['', 'a/b', 'a b', '..', 'x'.repeat(65)])('refuses %j', (id) => {
    const shop = new CoffeeShop();
    product(shop, id);
    expect(findings(shop)).toEqual([`ODMD110 product ${id} of foundation/b..main`]);
  });

  it('refuses two of one name', () => {
    const shop = new CoffeeShop();
    product(shop, 'api');
    product(shop, 'api');
    expect(findings(shop)).toEqual(['ODMD110 product api of foundation/b..main']);
  });

  it('refuses a nesting deeper than the config store takes, and names that get too long by it', () => {
    const deep = new CoffeeShop();
    let scope: Producer = product(deep, 'n');
    for (let level = 2; level <= 13; level++) scope = product(deep, 'n', scope);
    expect(findings(deep)).toEqual([`ODMD110 product ${scope.name} of foundation/b..main`]);
    const long = new CoffeeShop();
    scope = product(long, 'x'.repeat(64));
    for (let level = 2; level <= 4; level++) scope = product(long, 'x'.repeat(64), scope);
    expect(messages(long, 'ODMD110')).toEqual(['the name has 259 characters on 4 levels']);
  });

  it('takes a child named like its parent, and a name used again by another enver', () => {
    const shop = new CoffeeShop();
    product(shop, 'api.v1', product(shop, 'api.v1'));
    const other = new Producer(shop.enver('other'), 'bus', { schema });
    new Consumer(shop.orders, 'other', other);
    expect(findings(shop)).toEqual([]);
  });
});

describe('ODMD111 consumer ids', () => {
  it.each(['', 'a b', 'a/b', '功', '.'])('refuses %j', (id) => {
    const shop = new CoffeeShop();
    new Consumer(shop.orders, id, shop.bus);
    expect(findings(shop)).toEqual([`ODMD111 consumer ${id} of orders/b..main`]);
  });

  it.each(['bus', 'BUS'])('refuses %j beside bus', (id) => {
    const shop = new CoffeeShop();
    new Consumer(shop.orders, id, shop.bus);
    expect(findings(shop)).toEqual(['ODMD111 enver orders/b..main']);
    expect(messages(shop, 'ODMD111')[0]).toContain('share the variable ODMD_INPUT_BUS');
  });

  it('takes one product consumed twice under two ids', () => {
    const shop = new CoffeeShop();
    new Consumer(shop.orders, 'same-bus', shop.bus);
    expect(findings(shop)).toEqual([]);
  });
});

describe('ODMD116 revisions', () => {
  it.each(['', 'a..b', '-f', 'a b', 'x.lock', '\ud800'])('refuses the branch %j', (ref) => {
    const shop = new CoffeeShop();
    shop.enver('orders', { revision: Revision.branch(ref) });
    expect(findings(shop)).toEqual(['ODMD116 build orders']);
  });

  it.each(['$(id)', '功能', 'feature/latte'])('takes %j', (ref) => {
    const shop = new CoffeeShop();
    shop.enver('orders', { revision: Revision.branch(ref) });
    expect(findings(shop)).toEqual([]);
  });
});

describe('ODMD117 the name of the org', () => {
  it.each(['', 'coffee shop', 'a/b'])('refuses %j', (org) => {
    const contracts = new Contracts(org, {
      accounts: { w: { id: '222222222222' } },
      repos: { c: { owner: 'o', name: 'c' } },
    });
    const lib = new Build(contracts, 'contracts', { repo: 'c' });
    new ContractsLibEnver(lib, { ...WORKSPACE, account: 'w', revision: MAIN });
    expect(findings(contracts)).toEqual(['ODMD117 contracts']);
  });
});
