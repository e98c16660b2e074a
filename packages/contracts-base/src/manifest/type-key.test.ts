import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { canonicalJson } from '../canonical-json.js';
import { convertType, toJsonSchema } from './json-schema.js';
import { typeKey } from './type-key.js';

describe('typeKey', () => {
  it('never changes what a type becomes', () => {
    fc.assert(
      fc.property(makers, (make) => {
        expect(canonicalJson(toJsonSchema(make()))).toBe(canonicalJson(convertType(make())));
      }),
      { numRuns: 3000 },
    );
  });

  it('is shared by types that become the same alone', () => {
    fc.assert(
      fc.property(makers, makers, (one, other) => {
        const [a, b] = [one(), other()];
        const key = typeKey(a);
        if (key !== undefined && key === typeKey(b))
          expect(canonicalJson(convertType(a))).toBe(canonicalJson(convertType(b)));
      }),
      { numRuns: 3000 },
    );
  });

  it('knows a type again that is written in another place', () => {
    const orders = () =>
      z.object({
        url: z.url(),
        stage: z.enum(['dev', 'prod']).optional(),
        tables: z
          .array(
            z
              .string()
              .min(3)
              .regex(/^[a-z]+$/),
          )
          .max(4),
        limits: z.record(z.string(), z.int().positive().nullable()),
        kind: z.discriminatedUnion('k', [
          z.strictObject({ k: z.literal('a') }),
          z.looseObject({ k: z.literal(1) }),
        ]),
      });
    const first = toJsonSchema(orders());
    expect(first).toHaveProperty('schema');
    expect(toJsonSchema(orders())).toBe(first);
  });

  it.each<[string, z.ZodType, z.ZodType]>([
    ['a text and a number', z.literal('1'), z.literal(1)],
    ['values that look like the end of one', z.enum(['a', 'b']), z.enum(['a1:b'])],
    ['properties and their types', z.object({ a: z.string() }), z.object({ a: z.number() })],
    [
      'properties that definitions have too',
      z.object({ error: z.string() }),
      z.object({ error: z.number() }),
    ],
    ['open and closed objects', z.object({}), z.looseObject({})],
    ['bounds', z.string().min(1), z.string().min(2)],
    ['inclusive bounds', z.number().gt(1), z.number().gte(1)],
    ['whole numbers and others', z.int(), z.number()],
    ['patterns', z.string().regex(/a/), z.string().regex(/b/)],
    ['flags of patterns', z.string().regex(/a/), z.string().regex(/a/i)],
    ['formats', z.string().regex(z.regexes.email), z.email()],
    ['lists and tuples', z.array(z.string()), z.tuple([z.string()])],
    ['orders of a tuple', z.tuple([z.string(), z.int()]), z.tuple([z.int(), z.string()])],
    ['optional properties', z.object({ a: z.string() }), z.object({ a: z.string().optional() })],
    ['coercions', z.string(), z.coerce.string()],
  ])('tells %s apart', (_, one, other) => {
    expect(typeKey(one)).not.toBe(typeKey(other));
  });

  it.each<[string, () => z.ZodType]>([
    ['a description', () => z.string().describe('the bus')],
    ['a description of what was derived from', () => z.string().describe('the bus').min(1)],
    ['a description inside', () => z.object({ a: z.string().meta({ title: 'a' }) })],
    ['a refinement', () => z.string().refine(Boolean)],
    ['a transform', () => z.string().transform(Number)],
    ['a lazy type', () => z.lazy(() => z.string())],
    ['any JSON', () => z.json()],
    ['a template', () => z.templateLiteral(['a', z.int()])],
    ['base64', () => z.base64()],
    ['a property without a name', () => z.object({ [Symbol('a')]: z.string() })],
    ['a type that holds itself', () => tree()],
    ['a conversion of its own', () => convertedByItself()],
  ])('is not given to %s', (_, make) => {
    expect(typeKey(make())).toBeUndefined();
  });
});

function tree(): z.ZodType {
  const node = z.object({
    get branches() {
      return z.tuple([node, node]);
    },
  });
  return node;
}

function convertedByItself(): z.ZodType {
  const type = z.string();
  type._zod.toJSONSchema = () => ({ type: 'string', format: 'mine' });
  return type;
}

/** Types as functions that make them anew; few enough words that many come out alike. */
type Make = () => z.ZodType;

const leaves: fc.Arbitrary<Make> = fc.constantFrom<Make>(
  () => z.string(),
  () => z.string().min(1),
  () => z.string().min(1).max(2),
  () => z.string().check(z.minLength(1), z.maxLength(2)),
  () => z.string().regex(/^a+$/),
  () => z.string().regex(/^a+$/i),
  () => z.string().describe('text'),
  () => z.string().trim(),
  () => z.coerce.string(),
  () => z.string({ error: 'no text' }),
  () => z.url(),
  () => z.httpUrl(),
  () => z.email(),
  () => z.base64(),
  () => z.string().regex(z.regexes.email),
  () => z.iso.datetime(),
  () => z.iso.datetime({ local: true }),
  () => z.number(),
  () => z.int(),
  () => z.number().int(),
  () => z.int().min(1).multipleOf(2),
  () => z.number().gt(1),
  () => z.number().gte(1),
  () => z.number().max(Number.POSITIVE_INFINITY),
  () => z.boolean(),
  () => z.null(),
  () => z.any(),
  () => z.unknown(),
  () => z.never(),
  () => z.enum(['x', 'y']),
  () => z.enum({ x: 1, y: 'z' }),
  () => z.literal(['x', 1, null]),
  () => z.literal('1'),
  () => z.date(),
  () => z.json(),
  () => z.templateLiteral(['a', z.int()]),
);

/** Some of which definitions of types have too. */
const propertyNames = fc.constantFrom('a', 'error', 'abort', 'when', 'type', 'checks', 'shape', '_zod', '1');

const { makers } = fc.letrec<{ makers: Make }>((tie) => {
  const inner = tie('makers');
  const wrap = (change: (type: z.ZodType) => z.ZodType) => inner.map((make) => () => change(make()));
  const both = (join: (a: z.ZodType, b: z.ZodType) => z.ZodType) =>
    fc.tuple(inner, inner, fc.boolean()).map(([a, b, twice]) => () => {
      const first = a();
      return join(first, twice ? first : b());
    });
  return {
    makers: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { weight: 3, arbitrary: leaves },
      wrap((type) => z.array(type)),
      wrap((type) => z.array(type).min(1)),
      wrap((type) => type.nullable()),
      wrap((type) => type.readonly()),
      wrap((type) => type.refine(() => true)),
      wrap((type) => type.describe('that')),
      wrap((type) => z.object({ a: type.optional() })),
      wrap((type) => z.object({ a: type }).catchall(type)),
      wrap((type) => z.lazy(() => type)),
      wrap((type) => z.record(z.string(), type)),
      wrap((type) => z.record(z.enum(['a', 'b']), type)),
      both((a, b) => z.object({ a, b })),
      fc.tuple(inner, propertyNames).map(
        ([make, name]) =>
          () =>
            z.object({ [name]: make() }),
      ),
      both((a, b) => z.looseObject({ b, a })),
      both((a, b) => z.union([a, b])),
      both((a, b) => z.tuple([a, b])),
      both((a, b) => z.tuple([a], b)),
      both((a, b) => z.intersection(a, b)),
    ),
  };
});
