import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { canonicalJson } from '../canonical-json.js';
import { toJsonSchema } from './json-schema.js';

describe('toJsonSchema', () => {
  it.each<[string, z.ZodType, object]>([
    ['a string', z.string().min(1), { type: 'string', minLength: 1 }],
    ['a URL', z.url(), { type: 'string', format: 'uri' }],
    ['a URL with a pattern', z.url().regex(/^https:/), { type: 'string', pattern: '^https:' }],
    ['an e-mail address', z.email(), { type: 'string', format: 'email', pattern: expect.any(String) }],
    ['a pattern', z.string().regex(/^[a-z]+$/u), { type: 'string', pattern: '^[a-z]+$' }],
    ['null or a number', z.number().nullable(), { type: ['number', 'null'] }],
    ['a record', z.record(z.enum(['a']), z.boolean()), expect.objectContaining({ required: ['a'] })],
    ['meta data', z.string().describe('the bus'), { type: 'string', description: 'the bus' }],
    ['a loose object', z.looseObject({}), { type: 'object', properties: {}, additionalProperties: {} }],
  ])('writes %s', (_, type, schema) => {
    expect(toJsonSchema(type)).toEqual({ schema });
  });

  it('writes a type that holds itself', () => {
    const tree = z.object({
      get branches() {
        return z.array(tree);
      },
    });
    expect(toJsonSchema(tree)).toMatchObject({
      schema: { properties: { branches: { type: 'array', items: { $ref: '#' } } } },
    });
  });

  it('gives the same for properties in another order', () => {
    const type = z.object({ a: z.string(), b: z.object({ c: z.int(), d: z.int() }) });
    const same = z.object({ b: z.object({ d: z.int(), c: z.int() }), a: z.string() });
    expect(canonicalJson(toJsonSchema(same))).toBe(canonicalJson(toJsonSchema(type)));
  });

  it.each<[string, z.ZodType, string]>([
    ['a refinement', z.object({ a: z.array(z.string().refine(Boolean)) }), 'a refinement at a.items'],
    ['a refinement of an object', z.object({}).superRefine(() => {}), 'a refinement'],
    [
      'a refinement below other wrappers',
      z.string().refine(Boolean).describe('x').nullable(),
      'a refinement',
    ],
    [
      'a check of a property',
      z.object({ a: z.string() }).check(z.property('a', z.string().min(2))),
      'a refinement',
    ],
    ['a custom type', z.custom<string>(() => true), 'a custom type'],
    ['an instance', z.instanceof(URL), 'a custom type'],
    ['a transform', z.string().transform(Number), 'a transform or pipe'],
    ['a pipe', z.string().pipe(z.string().min(1)), 'a transform or pipe'],
    ['a preprocessor', z.preprocess(String, z.string()), 'a transform or pipe'],
    ['a codec', z.stringbool(), 'a transform or pipe'],
    ['a coercion', z.object({ port: z.coerce.number() }), 'a coercion at port'],
    ['trimming', z.string().trim(), 'a change of the value (trim, lower case and the like)'],
    ['a default', z.object({ a: z.string().default('x') }), 'a default (it would change the value) at a'],
    ['a prefault', z.string().prefault('x'), 'a default (it would change the value)'],
    ['a fallback', z.string().catch('x'), 'a fallback (.catch)'],
    ['a date', z.date(), 'a date'],
    ['a big integer', z.bigint(), 'a big integer'],
    ['undefined in a union', z.union([z.string(), z.undefined()]), 'undefined (use .optional()) at anyOf.1'],
    ['a map', z.map(z.string(), z.string()), 'the type map'],
    ['a set', z.set(z.string()), 'the type set'],
    ['a format that is code', z.jwt(), 'the format jwt (it is code)'],
    ['an own format that is code', z.stringFormat('mine', () => true), 'the format mine (it is code)'],
    ['flags of a pattern', z.string().regex(/a/i), 'the flags of /a/i'],
    ['a sloppy pattern', z.string().regex(/[\w-.]/), '/[\\w-.]/ (not a pattern with the flag u)'],
    [
      'a bound of URLs',
      z.httpUrl(),
      'a URL limited by protocol or host name, or normalised (use z.url().regex(/^https:/))',
    ],
    ['an infinite bound', z.number().max(Number.POSITIVE_INFINITY), 'a number that is not finite'],
  ])('refuses %s', (_, type, problem) => {
    expect(toJsonSchema(type)).toEqual({ problems: [`${problem} cannot be written as JSON Schema`] });
  });

  it('refuses what is no type of zod 4', () => {
    const stranger = { safeParse: () => ({ success: true }) } as unknown as z.ZodType;
    expect(toJsonSchema(stranger)).toEqual({ problems: ['it is not a type of zod 4'] });
    expect(toJsonSchema(z.literal([undefined, 'a']))).toEqual({
      problems: ['Literal `undefined` cannot be represented in JSON Schema'],
    });
  });

  it('names every reason', () => {
    const type = z.object({
      a: z.object({ b: z.string().refine(Boolean), c: z.date() }),
      d: z.bigint(),
      e: z.string().refine(Boolean).optional(),
    });
    const result = toJsonSchema(type);
    expect('problems' in result && [...result.problems].sort()).toEqual([
      'a big integer at d cannot be written as JSON Schema',
      'a date at a.c cannot be written as JSON Schema',
      'a refinement at a.b cannot be written as JSON Schema',
      'a refinement at e cannot be written as JSON Schema',
    ]);
  });

  it('accepts what the type accepts and leaves as it is, and nothing that the type refuses', () => {
    const ajv = new Ajv2020({ strict: false });
    fc.assert(
      fc.property(
        typed.chain(({ type, values }) => fc.tuple(fc.constant(type), fc.oneof(values, fc.jsonValue()))),
        ([type, value]) => {
          const result = toJsonSchema(type);
          if ('problems' in result) throw new Error(result.problems.join('; '));
          const parsed = type.safeParse(value);
          const unchanged = parsed.success && canonicalJson(parsed.data) === canonicalJson(value);
          const accepted = ajv.validate(result.schema, value);
          // Of a union zod may take an option that changes the value where another would not.
          if (unchanged) expect(accepted).toBe(true);
          if (accepted) expect(parsed.success).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** A type together with values that it accepts, or nearly: a property too many or too few, a bound overstepped. */
interface Typed {
  readonly type: z.ZodType;
  readonly values: fc.Arbitrary<unknown>;
}

const leaf: fc.Arbitrary<Typed> = fc.constantFrom<Typed>(
  { type: z.string().min(1).max(3), values: fc.string({ maxLength: 4 }) },
  { type: z.string().regex(/^a+$/), values: fc.constantFrom('a', 'aa', 'b', '') },
  { type: z.int().min(-1).max(2), values: fc.integer({ min: -2, max: 3 }) },
  { type: z.number().gt(0).lte(2.5), values: fc.integer({ min: -2, max: 4 }) },
  { type: z.boolean(), values: fc.boolean() },
  { type: z.null(), values: fc.constant(null) },
  { type: z.enum(['x', 'y']), values: fc.constantFrom('x', 'y', 'z') },
  { type: z.literal(['x', 1, null]), values: fc.constantFrom('x', 1, null, '1') },
  { type: z.json(), values: fc.jsonValue() },
);

const { typed } = fc.letrec<{ typed: Typed }>((tie) => ({
  typed: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 2, arbitrary: leaf },
    tie('typed').map(({ type, values }) => ({
      type: z.array(type).min(1),
      values: fc.array(values, { maxLength: 3 }),
    })),
    tie('typed').map(({ type, values }) => ({
      type: type.nullable(),
      values: fc.option(values),
    })),
    tie('typed').map(({ type, values }) => ({
      type: z.record(z.string().max(1), type),
      values: fc.dictionary(fc.string({ minLength: 1, maxLength: 2 }), values, { maxKeys: 2 }),
    })),
    fc.tuple(tie('typed'), tie('typed')).map(([a, b]) => ({
      type: z.union([a.type, b.type]),
      values: fc.oneof(a.values, b.values),
    })),
    fc.tuple(tie('typed'), tie('typed')).map(([a, b]) => ({
      type: z.tuple([a.type, b.type]),
      values: fc.oneof(fc.tuple(a.values, b.values), fc.array(a.values, { maxLength: 3 })),
    })),
    fc.tuple(tie('typed'), tie('typed'), fc.boolean()).map(([a, b, closed]) => ({
      type: (closed ? z.object : z.looseObject)({ a: a.type, b: b.type.optional() }),
      values: fc.record({ a: a.values, b: b.values, c: fc.constant(1) }, { requiredKeys: [] }),
    })),
  ),
}));
