import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Consumer, Producer } from '../constructs/index.js';
import { CoffeeShop, findings, messages } from '../testing/coffee-shop.js';

/** Contracts with one more product, whose placeholder and example are the given value. */
function shopWith(schema: z.ZodType, value?: unknown): CoffeeShop {
  const shop = new CoffeeShop();
  const given = value !== undefined;
  const product = new Producer(shop.foundation, 'p', { schema, ...(given && { example: value }) });
  new Consumer(shop.orders, 'p', product, given ? { placeholder: value } : {});
  return shop;
}

const PLACEHOLDER = 'ODMD112 consumer p of orders/b..main';
const EXAMPLE = 'ODMD113 product p of foundation/b..main';

describe('ODMD112 and ODMD113 placeholders and examples', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;

  it.each<[string, z.ZodType, unknown]>([
    ['another type', z.string(), 1],
    ['null', z.string(), null],
    ['a missing property', z.object({ url: z.url() }), {}],
    ['a broken format', z.object({ url: z.url() }), { url: 'x' }],
    ['an unknown property, which publishing would refuse', z.object({ a: z.string() }), { a: '', b: 1 }],
    ['what zod would trim', z.url(), ' http://localhost '],
    ['a date where anything goes', z.any(), new Date(0)],
    ['a map', z.unknown(), new Map()],
    ['NaN', z.unknown(), Number.NaN],
    ['undefined in a list', z.unknown(), [undefined]],
    ['a function', z.unknown(), () => 1],
    ['a big integer', z.unknown(), 1n],
    ['a value that holds itself', z.unknown(), cyclic],
  ])('refuse %s', (_, schema, value) => {
    expect(findings(shopWith(schema, value))).toEqual([PLACEHOLDER, EXAMPLE]);
  });

  it.each<[string, z.ZodType, unknown]>([
    ['a text', z.string(), ''],
    ['null where it may be', z.string().nullable(), null],
    ['false', z.boolean(), false],
    ['any JSON', z.json(), { a: [1, { b: null }] }],
    ['an absent property', z.object({ a: z.string().optional() }), { a: undefined }],
    ['unknown properties of a loose object', z.looseObject({}), { a: 1 }],
    ['properties in another order', z.object({ a: z.string(), b: z.string() }), { b: '', a: '' }],
    [
      'an object without prototype',
      z.record(z.string(), z.int()),
      Object.assign(Object.create(null), { a: 1 }),
    ],
  ])('take %s', (_, schema, value) => {
    const shop = shopWith(schema, value);
    expect(findings(shop)).toEqual([]);
    expect(shop.synth().ok).toBe(true);
  });

  it('say what is wrong', () => {
    expect(messages(shopWith(z.string(), 1), 'ODMD112')[0]).toMatch(
      /^the placeholder is not of the type of \/odmd-share\/foundation\/b\.\.main\/p: .*expected string/,
    );
  });
});

describe('ODMD114 types', () => {
  it('have to be ones that JSON Schema carries; every reason is named', () => {
    const shop = shopWith(z.object({ at: z.date(), port: z.int().refine((port) => port > 0) }));
    expect(findings(shop)).toEqual(['ODMD114 product p of foundation/b..main']);
    expect(messages(shop, 'ODMD114')[0]).toMatch(
      /a date at at .*; a refinement at port |a refinement at port .*; a date at at /,
    );
  });

  it('judge no value when they are refused themselves', () => {
    const never = z.string().refine(async () => false);
    expect(findings(shopWith(never, 'x'))).toEqual(['ODMD114 product p of foundation/b..main']);
    const parsed = z.string().transform(Number);
    expect(findings(shopWith(parsed, 5))).toEqual(['ODMD114 product p of foundation/b..main']);
  });
});

describe('ODMD137 a product that is consumed twice', () => {
  function shopWithPlaceholders(...given: (string | undefined)[]): CoffeeShop {
    const shop = new CoffeeShop();
    const product = new Producer(shop.foundation, 'p', { schema: z.any() });
    for (const [at, placeholder] of given.entries())
      new Consumer(shop.orders, `p${at}`, product, placeholder === undefined ? {} : { placeholder });
    return shop;
  }

  it('has one placeholder', () => {
    const shop = shopWithPlaceholders('a', 'b', 'a');
    expect(findings(shop)).toEqual(['ODMD137 enver orders/b..main']);
    expect(messages(shop, 'ODMD137')).toEqual([
      'the consumers p0, p1, p2 of /odmd-share/foundation/b..main/p have different placeholders',
    ]);
    expect(findings(shopWithPlaceholders('a', undefined))).toEqual(['ODMD137 enver orders/b..main']);
  });

  it('may have the same twice, or none', () => {
    expect(findings(shopWithPlaceholders('a', 'a'))).toEqual([]);
    expect(findings(shopWithPlaceholders(undefined, undefined))).toEqual([]);
  });
});
