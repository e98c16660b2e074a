import { type JsonSchema, toJsonSchema } from '@ondemandenv/contracts-base';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isText, violations } from './json-schema.js';

function schema(type: z.ZodType): JsonSchema {
  const result = toJsonSchema(type);
  if ('problems' in result) throw new Error(result.problems.join());
  return result.schema;
}

describe('violations', () => {
  const type = schema(
    z.object({
      url: z.url(),
      port: z.int().min(1),
      stage: z.enum(['dev', 'prod']),
      tags: z.record(z.string(), z.number()),
      list: z.array(z.object({ id: z.uuid() })),
    }),
  );

  it('has none for a value of the type', () => {
    const id = '0190b1b6-0d2e-7c4e-8f0a-5d1f6c3b2a10';
    const value = { url: 'http://localhost:80/', port: 1, stage: 'dev', tags: { a: 1 }, list: [{ id }] };
    expect(violations(type, value)).toEqual([]);
  });

  it('names the place and the rule, and no value, no key that is data', () => {
    const value = {
      url: 'secret url',
      port: 0,
      stage: 'secret-stage',
      tags: { 'secret-key': 'secret' },
      list: [{ id: 'secret' }],
      'secret-extra': 1,
    };
    const found = violations(type, value);
    expect(found).toHaveLength(5);
    expect(found).toContain('/url: must match format "uri"');
    expect(found).toContain('/tags/*: must be number');
    expect(found.join()).not.toContain('secret');
  });

  it.each<[string, z.ZodType, unknown, unknown]>([
    ['a union', z.union([z.string(), z.int()]), 3, 1.5],
    ['a nullable', z.string().nullable(), null, 1],
    ['a named type', z.object({ a: z.string().meta({ id: 'Named' }) }).meta({ id: 'Outer' }), { a: '' }, {}],
    ['a pattern', z.string().regex(/^[\w.-]+$/), 'a-b.c', 'a b'],
    ['an email', z.email(), 'a@example.com', 'a'],
    ['a date and time', z.iso.datetime(), '2026-01-02T03:04:05Z', '2026-13-02T03:04:05Z'],
    ['a tuple', z.tuple([z.string(), z.number()]), ['a', 1], ['a']],
  ])('checks %s as zod does', (_, type, good, bad) => {
    expect(violations(schema(type), good)).toEqual([]);
    expect(violations(schema(type), bad)).not.toEqual([]);
  });

  it('refuses a schema that it cannot use', () => {
    expect(() => violations({ $ref: 'https://example.com/other' }, 1)).toThrow(
      expect.objectContaining({ code: 'ODMD505' }),
    );
  });
});

describe('isText', () => {
  it.each<[string, z.ZodType, boolean]>([
    ['a string', z.string(), true],
    ['an address', z.url(), true],
    ['one of several words', z.enum(['a', 'b']), true],
    ['a named string', z.string().meta({ id: 'Named' }), true],
    ['a nullable string', z.string().nullable(), false],
    ['an object', z.object({}), false],
  ])('%s', (_, type, expected) => {
    expect(isText(schema(type))).toBe(expected);
  });
});
