import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { CoffeeShop, MAIN, WORKSPACE } from '../testing/coffee-shop.js';
import { Build, Consumer, Contracts, Producer, Reaction, Revision, ScriptEnver } from './index.js';

describe('Contracts', () => {
  it('are recognised also when another copy of this library made them', () => {
    const foreign = { [Symbol.for('@ondemandenv/contracts-base.Contracts')]: true };
    expect(Contracts.isContracts(new CoffeeShop())).toBe(true);
    expect(Contracts.isContracts(foreign)).toBe(true);
    for (const other of [{}, null, undefined, 'contracts', Contracts])
      expect(Contracts.isContracts(other)).toBe(false);
  });

  it('list builds and envers in the order of declaration', () => {
    const shop = new CoffeeShop();
    shop.enver('orders', { revision: Revision.tag('v1') });
    expect(shop.builds.map(({ id }) => id)).toEqual(['contracts', 'foundation', 'orders']);
    expect(shop.orders.build.envers.map(({ id }) => id)).toEqual(['orders/b..main', 'orders/t..v1']);
  });

  it('can be declared with every name missing or doubled, so that the rules can report it', () => {
    const contracts = new Contracts('', { accounts: {}, repos: {} });
    for (let n = 0; n < 2; n++) {
      const build = new Build(contracts, '', { repo: '' });
      const enver = new ScriptEnver(build, {
        account: '',
        region: '',
        revision: Revision.branch(''),
        deploy: [],
      });
      const producer = new Producer(enver, '', { schema: z.string() });
      new Consumer(enver, '', new Producer(producer, '', { schema: z.string() }));
      expect(enver.producers).toHaveLength(2);
    }
    expect(contracts.builds).toHaveLength(2);
    expect(contracts.synth().ok).toBe(false);
  });
});

describe('Enver', () => {
  it('has defaults', () => {
    const { orders, lib } = new CoffeeShop();
    expect(orders).toMatchObject({ timeoutMinutes: 30, clones: { max: 20 }, destroy: [], kind: 'script' });
    expect(orders.build).toMatchObject({ extraPaths: [], workDir: 'orders' });
    expect(lib).toMatchObject({ clones: 'off', kind: 'contractsLib' });
    expect(lib.latest.path).toBe('/odmd-share/contracts/b..main/contractsLibLatest');
    expect(orders.consumers.map(({ onChange }) => onChange.kind)).toEqual(['deploy', 'deploy']);
    expect(Reaction.ignore().kind).toBe('ignore');
  });

  it('nests products, parents before children, three deep and with equal names', () => {
    const { foundation } = new CoffeeShop();
    let scope = new Producer(foundation, 'a', { schema: z.string() });
    for (let n = 0; n < 2; n++) scope = new Producer(scope, 'a', { schema: z.string() });
    expect(foundation.producers.map(({ name }) => name)).toEqual(['bus', 'bus/menu', 'a', 'a/a', 'a/a/a']);
    expect(scope.path).toBe('/odmd-share/foundation/b..main/a/a/a');
  });

  it('can be wired after all envers exist, in subclasses of an org', () => {
    class Api extends ScriptEnver {
      readonly url = new Producer(this, 'url', { schema: z.url(), example: 'http://localhost' });
    }
    const shop = new CoffeeShop();
    const build = new Build(shop, 'api', { repo: 'shop' });
    const api = new Api(build, { ...WORKSPACE, revision: MAIN, deploy: ['make'] });
    const use = new Consumer(shop.orders, 'api', api.url, { onChange: Reaction.ignore() });
    expect(use.producer).toBe(api.url);
    expect(shop.synth()).toMatchObject({ ok: true, warnings: [] });
  });
});

describe('types', () => {
  it('carry the product’s type to its example and to the consumer’s placeholder', () => {
    const shop = new CoffeeShop();
    const api = new Producer(shop.foundation, 'api', { schema: z.object({ port: z.int() }) });
    const use = new Consumer(shop.orders, 'api', api, { placeholder: { port: 1 } });
    expectTypeOf(use.placeholder).toEqualTypeOf<{ port: number } | undefined>();
    expectTypeOf(api.example).toEqualTypeOf<{ port: number } | undefined>();
    // @ts-expect-error a placeholder of another type
    new Consumer(shop.orders, 'text', api, { placeholder: 'x' });
    // @ts-expect-error an example of another type
    new Producer(shop.foundation, 'text', { schema: z.string(), example: 1 });
  });
});
