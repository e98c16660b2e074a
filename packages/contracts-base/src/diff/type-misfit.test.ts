import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type JsonSchema, toJsonSchema } from '../manifest/index.js';
import { typeMisfit } from './type-misfit.js';

const url = z.string();
const int = z.int();
const tree: z.ZodType = z.object({
  v: z.string(),
  get kids() {
    return z.array(tree);
  },
});
const list: z.ZodType = z.object({
  v: z.string(),
  get kids() {
    return z.array(list).max(2);
  },
});

/** [narrow, wide]: every value of the first is one of the second. */
const fitting: readonly [string, z.ZodType, z.ZodType][] = [
  ['equal types', z.object({ a: url, b: int }), z.object({ b: int, a: url })],
  ['a description', z.string().describe('new words'), z.string()],
  ['an enumeration in another order', z.enum(['x', 'y']), z.enum(['y', 'x'])],
  ['a shorter enumeration', z.enum(['x']), z.enum(['x', 'y'])],
  ['a constant', z.literal('x'), z.string().max(1)],
  ['a member of a union', z.string(), z.union([z.string(), int])],
  ['what may be null', z.string(), z.string().nullable()],
  ['a union of what fits', z.union([z.literal(1), z.literal(2)]), int],
  ['whole numbers', int, z.number()],
  ['bounds inside', z.int().gt(0).max(5), z.int().min(1).lt(6)],
  ['a multiple', z.number().multipleOf(10), z.number().multipleOf(5)],
  ['a longer text', z.string().min(2), z.string().min(1)],
  ['a format', z.url(), z.string()],
  ['an equal format', z.url().max(9), z.url()],
  ['an equal pattern', z.string().regex(/^a/).max(3), z.string().regex(/^a/)],
  ['an optional property that is required', z.object({ a: url }), z.object({ a: url.optional() })],
  ['a closed object', z.object({ a: url }), z.looseObject({ a: url })],
  ['an object as a record', z.object({ a: url }), z.record(z.string(), z.string())],
  ['a record of named keys', z.record(z.enum(['a', 'b']), url), z.object({ a: url, b: url })],
  ['arrays', z.array(z.literal('x')).max(2), z.array(z.string()).max(3)],
  ['a tuple as an array', z.tuple([z.literal('x'), z.string()]), z.array(z.string()).min(1)],
  ['anything', z.object({ a: int }), z.any()],
  ['nothing', z.never(), z.string()],
  ['plain JSON', z.object({ a: z.array(int) }), z.json()],
  ['recursion', list, tree],
  [
    'a variant of a told-apart union',
    z.object({ k: z.literal('a'), x: int }),
    z.discriminatedUnion('k', [z.object({ k: z.literal('a'), x: int }), z.object({ k: z.literal('b') })]),
  ],
];

const misfits: readonly [string, z.ZodType, z.ZodType, string][] = [
  ['another type', z.string(), int, ': it may be of type string'],
  ['a longer enumeration', z.enum(['x', 'y']), z.enum(['x']), ': it may be "y"'],
  ['null', z.object({ a: url.nullable() }), z.object({ a: url }), 'a: it may be null'],
  ['a missing property', z.object({ a: url.optional() }), z.object({ a: url }), 'a: it may be missing'],
  ['a further property', z.object({ a: url, b: url }), z.object({ a: url }), 'b: it may be there'],
  ['a fraction', z.number(), int, ': it may be of type number'],
  [
    'a lower bound',
    z.object({ a: z.array(z.int().min(0)) }),
    z.object({ a: z.array(z.int().min(1)) }),
    'a[]: it may be lower',
  ],
  ['a higher bound', z.number().max(5), z.number().lt(5), ': it may be higher'],
  ['a longer text', z.string(), z.string().max(3), ': its maxLength is higher'],
  ['a text without format', z.string(), z.url(), ': it need not have the format "uri"'],
  [
    'a deeper place',
    z.tuple([z.object({ b: int })]),
    z.tuple([z.object({ b: url })]),
    '[0].b: it may be of type integer',
  ],
  ['recursion', tree, list, 'kids: its maxItems is higher'],
  ['an open object', z.looseObject({ a: url }), z.object({ a: url }), '*: no value is allowed'],
];

describe('typeMisfit', () => {
  it.each(fitting)('proves %s', (_name, narrow, wide) => {
    expect(typeMisfit(json(narrow), json(wide))).toBeUndefined();
  });

  it.each(misfits)('refutes %s', (_name, narrow, wide, expected) => {
    const found = typeMisfit(json(narrow), json(wide));
    expect(`${found?.at}: ${found?.why}`).toBe(expected);
    expect(found?.undecided).toBe(false);
  });

  it('says when it cannot decide', () => {
    const patterns = typeMisfit(json(z.string().regex(/^ab/)), json(z.string().regex(/^a/)));
    expect(patterns).toMatchObject({ undecided: true });
    const split = typeMisfit(json(z.int().min(0).max(9)), json(z.union([z.int().max(4), z.int().min(5)])));
    expect(split).toMatchObject({ undecided: true });
    expect(typeMisfit({ type: 'object' }, { unevaluatedProperties: false, type: 'object' })).toMatchObject({
      undecided: true,
    });
  });

  it('takes objects as open when asked, but not variants that only their properties tell apart', () => {
    const [more, less] = [json(z.object({ a: url, b: url.optional() })), json(z.object({ a: url }))];
    expect(typeMisfit(more, less)).toBeDefined();
    expect(typeMisfit(more, less, true)).toBeUndefined();
    const variants = (extra: object) => json(z.union([z.object({ a: url, ...extra }), z.object({ b: url })]));
    expect(typeMisfit(variants({ c: int.optional() }), variants({}), true)).toBeDefined();
    const told = (extra: object) =>
      json(z.union([z.object({ k: z.literal(1), ...extra }), z.object({ k: z.literal(2) })]));
    expect(typeMisfit(told({ c: int.optional() }), told({}), true)).toBeUndefined();
  });

  it('never proves what a value refutes', () => {
    const ajv = new Ajv2020({ strict: false });
    let proved = 0;
    fc.assert(
      fc.property(
        types,
        types,
        fc.array(values, { minLength: 30, maxLength: 30 }),
        (narrow, wide, samples) => {
          if (typeMisfit(narrow, wide) !== undefined) return;
          proved += 1;
          const [isNarrow, isWide] = [ajv.compile(narrow), ajv.compile(wide)];
          for (const value of samples)
            if (isNarrow(value)) expect({ value, fits: isWide(value) }).toEqual({ value, fits: true });
        },
      ),
      { numRuns: 1500 },
    );
    expect(proved).toBeGreaterThan(50);
  });

  it('proves every type to fit itself', () => {
    fc.assert(
      fc.property(types, (type) => {
        expect(typeMisfit({ ...type, title: 'x' }, type)).toBeUndefined();
      }),
    );
  });
});

function json(type: z.ZodType): JsonSchema {
  const result = toJsonSchema(type);
  if ('problems' in result) throw new Error(result.problems.join());
  return result.schema;
}

const { types } = fc.letrec<{ types: JsonSchema }>((tie) => {
  const inner = tie('types');
  const small = fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined });
  const name = fc.constantFrom('a', 'b');
  const compact = (schema: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(schema).filter(([, value]) => value !== undefined)) as JsonSchema;
  return {
    types: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      fc.constantFrom<JsonSchema>({}, { type: 'string' }, { type: 'null' }, { type: 'boolean' }, { not: {} }),
      fc.record({ enum: fc.uniqueArray(fc.constantFrom('a', 'b', 1, null), { minLength: 1, maxLength: 3 }) }),
      fc
        .record({
          minimum: small,
          maximum: small,
          exclusiveMinimum: small,
          type: fc.constantFrom('integer', 'number'),
        })
        .map(compact),
      fc
        .record({ type: fc.constant('string'), minLength: small, pattern: fc.constantFrom(undefined, '^a') })
        .map(compact),
      fc.record({
        type: fc.uniqueArray(fc.constantFrom('string', 'null', 'array', 'object'), { minLength: 1 }),
      }),
      fc
        .record({
          type: fc.constantFrom('array', undefined),
          items: fc.option(inner, { nil: undefined }),
          prefixItems: fc.option(fc.array(inner, { minLength: 1, maxLength: 2 }), { nil: undefined }),
          minItems: small,
          maxItems: small,
        })
        .map(compact),
      fc
        .record({
          type: fc.constantFrom('object', undefined),
          properties: fc.option(fc.dictionary(name, inner, { maxKeys: 2 }), { nil: undefined }),
          required: fc.option(fc.uniqueArray(name), { nil: undefined }),
          additionalProperties: fc.option(fc.oneof(fc.constant(false), inner), { nil: undefined }),
          propertyNames: fc.constantFrom(undefined, { enum: ['a', 'c'] }),
        })
        .map(compact),
      fc.record({ anyOf: fc.array(inner, { minLength: 1, maxLength: 3 }) }),
      fc.record({ oneOf: fc.array(inner, { minLength: 1, maxLength: 3 }) }),
      fc.record({ allOf: fc.array(inner, { minLength: 1, maxLength: 2 }), type: fc.constant('string') }),
    ) as fc.Arbitrary<JsonSchema>,
  };
});

const { values } = fc.letrec<{ values: unknown }>((tie) => ({
  values: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom<unknown>(null, true, false, 'a', 'b', 'ab', '', 0, 1, 2, 3, -1, 0.5),
    fc.array(tie('values'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('values'), { maxKeys: 3 }),
  ),
}));
