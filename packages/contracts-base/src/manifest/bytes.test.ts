import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OdmdError } from '../errors.js';
import { CoffeeShop } from '../testing/coffee-shop.js';
import { manifestOf, orgPlans, shuffles } from '../testing/random-org.js';
import { entryDigest, manifestDigest, readEntry, readManifest, writeEntry, writeManifest } from './bytes.js';
import { clone } from './clone.js';
import type { Manifest } from './schema.js';

const main = { kind: 'branch', ref: 'main' } as const;
const shop = manifestOfShop();
const TOKEN = {
  name: 'token',
  path: '/odmd-share/orders/b..main/token',
  kind: 'secret',
  schema: {},
  readableFrom: [{ name: 'workspace2', id: '333333333333' }],
};

describe('writeManifest', () => {
  it('gives the same bytes in whatever order the contracts are declared', () => {
    fc.assert(
      fc.property(orgPlans, shuffles, (plan, shuffle) => {
        const [one, other] = [manifestOf(plan), manifestOf(plan, shuffle)];
        expect(writeManifest(other)).toBe(writeManifest(one));
        expect(manifestDigest(other)).toBe(manifestDigest(one));
      }),
      { numRuns: 50 },
    );
  });

  it('is read back as it was', () => {
    fc.assert(
      fc.property(orgPlans, (plan) => {
        const manifest = manifestOf(plan);
        expect(readManifest(writeManifest(manifest))).toStrictEqual(manifest);
        for (const entry of Object.values(manifest.envers))
          expect(readEntry(writeEntry(entry))).toStrictEqual(entry);
      }),
      { numRuns: 50 },
    );
  });

  it('writes the documented shape', () => {
    expect(writeManifest(shop)).toMatchSnapshot();
  });
});

describe('entryDigest', () => {
  it('changes with the contract of that enver only', () => {
    const grown = new CoffeeShop();
    grown.enver('web');
    const manifest = manifestOfShop(grown);
    expect(manifestDigest(manifest)).not.toBe(manifestDigest(shop));
    for (const [id, entry] of Object.entries(shop.envers)) {
      const again = manifest.envers[id];
      expect(again && entryDigest(again)).toBe(entryDigest(entry));
      expect(entryDigest({ ...entry, timeoutMinutes: 31 })).not.toBe(entryDigest(entry));
    }
  });
});

describe('readManifest', () => {
  it.each<[string, string, string]>([
    ['what is no JSON', '{', 'ODMD201'],
    ['nothing', '', 'ODMD201'],
    ['a newer version', JSON.stringify({ ...shop, schemaVersion: 2 }), 'ODMD202'],
    ['a version that is no number', JSON.stringify({ ...shop, schemaVersion: '1' }), 'ODMD202'],
    ['no version', JSON.stringify({ org: 'x' }), 'ODMD203'],
    ['another kind of JSON', 'null', 'ODMD203'],
    ['an unknown property', JSON.stringify({ ...shop, more: 1 }), 'ODMD203'],
    ['an entry without a region', changed({ region: undefined }), 'ODMD203'],
    ['an illegal build', changed({ build: '../x', id: '../x/b..main' }), 'ODMD203'],
  ])('refuses %s', (_, text, code) => {
    const error = thrown(() => readManifest(text, 'some file'));
    expect(error).toMatchObject({ code, where: 'some file', fix: expect.any(String) });
  });

  it.each<[string, string, string]>([
    ['the id of another enver', changed({ id: 'foundation/b..main' }), 'is not the id of an enver of orders'],
    ['another revision', changed({ revision: { kind: 'tag', ref: 'main' } }), 'of orders at t..main'],
    [
      'an entry under a wrong key',
      JSON.stringify({ ...shop, envers: { x: shop.envers['orders/b..main'] } }),
      'filed under x',
    ],
    ['a clone', changed({ cloneOf: 'orders/b..main', id: 'orders/b..main-_b..main' }), 'is a clone'],
    [
      'a product in the place of another enver',
      changed({
        products: [{ name: 'bus', path: '/odmd-share/foundation/b..main/bus', kind: 'value', schema: {} }],
      }),
      'is not the path of the product bus of orders/b..main',
    ],
    [
      'a product outside its enver',
      changed({
        products: [{ name: '../x', path: '/odmd-share/orders/b..main/../x', kind: 'value', schema: {} }],
      }),
      '"../x" is no name of a product',
    ],
    [
      'a consumption of something else',
      changed({
        consumes: [
          {
            id: 'x',
            from: 'foundation/b..main',
            path: '/odmd-state/foundation/b..main/dispatch',
            kind: 'value',
            schema: {},
            onChange: 'deploy',
          },
        ],
      }),
      'is not a product of foundation/b..main',
    ],
    [
      'an enver of an unknown account',
      changed({ account: { name: 'x', id: '222222222222' } }),
      'orders/b..main names the account x (2',
    ],
    ['an enver of another account', changed({ account: { name: 'workspace1', id: '1' } }), 'not declared so'],
    [
      'an enver outside the regions',
      JSON.stringify({ ...shop, regions: ['eu-west-1'] }),
      'orders/b..main is in us-west-1, which is none of the regions',
    ],
    [
      'a consumption of an enver that is not there',
      withUse({ from: 'gone/b..main', path: '/odmd-share/gone/b..main/bus' }),
      'the consumption bus of orders/b..main is from gone/b..main, which is no enver here',
    ],
    [
      'a consumption of a product that is not there',
      withUse({ path: '/odmd-share/foundation/b..main/gone' }),
      'is of /odmd-share/foundation/b..main/gone, which foundation/b..main does not produce',
    ],
    [
      'readers of what is no secret',
      changed({ products: [{ ...TOKEN, kind: 'value' }] }),
      '/odmd-share/orders/b..main/token is no secret',
    ],
    [
      'a reader of an unknown account',
      changed({ products: [{ ...TOKEN, readableFrom: [{ name: 'gone', id: '1' }] }] }),
      'names the account gone (1)',
    ],
    [
      'a consumption of another type',
      withUse({ schema: {} }),
      'is not of the type of /odmd-share/foundation',
    ],
    ['a consumption of another kind', withUse({ kind: 'secret' }), 'is not of the type of /odmd-share/found'],
    [
      'stacks of another kind of enver',
      changed({ stacks: ['orders--main'] }),
      'is of kind script and has stacks',
    ],
    ['the stack of another enver', changed({ kind: 'cdk', stacks: ['x--main'] }), 'x--main is no stack name'],
    [
      'a stack that could be another enver’s',
      changed({ kind: 'cdk', stacks: ['orders--main--0123456789ab'] }),
      'is no stack name of orders',
    ],
    [
      'a stack twice',
      changed({ kind: 'cdk', stacks: ['orders--main', 'orders--main'] }),
      'has a stack twice',
    ],
    ['the repository of another enver', withImage('web/main/api'), 'web/main/api is no repository of orders'],
    ['a repository below its own', withImage('orders/main/api/x'), 'is no repository of orders'],
    ['no package', changed({ kind: 'npmPackage' }), 'has a package, or lacks one'],
    [
      'an approval by nobody',
      withUse({ onChange: 'approve' }),
      'bus of orders/b..main has approvers, or needs',
    ],
    [
      'approvers of nothing',
      withUse({ approvers: [{ account: 'a', role: 'b' }] }),
      'bus of orders/b..main has approvers, or needs',
    ],
  ])('refuses %s', (_, text, message) => {
    const error = thrown(() => readManifest(text));
    expect(error).toMatchObject({ code: 'ODMD203', message: expect.stringContaining(message) });
  });

  it('names everything that is wrong at once', () => {
    const { 'foundation/b..main': _, ...envers } = shop.envers;
    const error = thrown(() => readManifest(JSON.stringify({ ...shop, envers, regions: ['us-west-1'] })));
    expect(error.message.split('\n')).toEqual([
      'it contradicts itself:',
      'the consumption bus of orders/b..main is from foundation/b..main, which is no enver here',
      'the consumption menu of orders/b..main is from foundation/b..main, which is no enver here',
    ]);
  });
});

describe('readEntry', () => {
  it('reads entries of clones', () => {
    const revision = { kind: 'branch', ref: 'feature/latte' } as const;
    const [entry] = clone(shop, { builds: ['orders'], base: main, revision });
    if (!entry) throw new Error('orders can be cloned');
    expect(readEntry(writeEntry(entry))).toStrictEqual(entry);
    // It consumes what is in no entry of its own, as every entry may that is read alone.
    expect(entry.consumes.map(({ from }) => from)).toContain('foundation/b..main');
    const other = writeEntry({ ...entry, cloneOf: 'foundation/b..main' });
    expect(thrown(() => readEntry(other))).toMatchObject({ code: 'ODMD203', where: 'entry' });
  });
});

function manifestOfShop(contracts = new CoffeeShop()): Manifest {
  const result = contracts.synth();
  if (!result.ok) throw new Error('the coffee shop is healthy');
  return result.manifest;
}

/** The coffee shop's manifest as text, with something of the entry of orders exchanged. */
function changed(part: object): string {
  const orders = { ...shop.envers['orders/b..main'], ...part };
  return JSON.stringify({ ...shop, envers: { ...shop.envers, 'orders/b..main': orders } });
}

function withImage(repository: string): string {
  return changed({
    kind: 'containerImage',
    images: [{ repository, context: '.', dockerfile: 'Dockerfile' }],
  });
}

/** With something of the first consumption of orders exchanged. */
function withUse(part: object): string {
  const [first, ...rest] = shop.envers['orders/b..main']?.consumes ?? [];
  return changed({ consumes: [{ ...first, ...part }, ...rest] });
}

function thrown(act: () => unknown): OdmdError {
  try {
    act();
  } catch (error) {
    if (error instanceof OdmdError) return error;
  }
  throw new Error('no OdmdError was thrown');
}
