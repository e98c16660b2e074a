import { z } from 'zod';
import { canonicalJson } from '../canonical-json.js';
import { toJsonSchema } from '../manifest/json-schema.js';
import { allEnvers, duplicates } from './helpers.js';
import type { Rule } from './rule.js';

/** Types of products, and the values given for them in the contracts. */
export const valueRules: readonly Rule[] = [
  {
    code: 'ODMD112',
    severity: 'error',
    title: 'A placeholder satisfies the type of the product',
    *check(contracts) {
      for (const enver of allEnvers(contracts))
        for (const { id, placeholder, producer } of enver.consumers) {
          const problem = placeholder === undefined ? undefined : misfit(producer.schema, placeholder);
          if (problem)
            yield {
              where: `consumer ${id} of ${enver.id}`,
              message: `the placeholder is not of the type of ${producer.path}: ${problem}`,
              fix: 'give a placeholder of the type that the producer declares',
            };
        }
    },
  },
  {
    code: 'ODMD113',
    severity: 'error',
    title: 'An example satisfies the type of its product',
    *check(contracts) {
      for (const enver of allEnvers(contracts))
        for (const { name, example, schema } of enver.producers) {
          const problem = example === undefined ? undefined : misfit(schema, example);
          if (problem)
            yield {
              where: `product ${name} of ${enver.id}`,
              message: `the example is not of its type: ${problem}`,
              fix: 'give an example of the declared type',
            };
        }
    },
  },
  {
    code: 'ODMD114',
    severity: 'error',
    title: 'The type of a product can be written as JSON Schema',
    *check(contracts) {
      for (const enver of allEnvers(contracts))
        for (const { name, schema } of enver.producers) {
          const result = toJsonSchema(schema);
          if ('problems' in result)
            yield {
              where: `product ${name} of ${enver.id}`,
              message: result.problems.join('; '),
              fix: 'use a type of plain JSON values that is checked without code and changes nothing: no refinements, transforms, defaults, dates, big integers or functions',
            };
        }
    },
  },
  {
    code: 'ODMD137',
    severity: 'error',
    title: 'An enver that consumes a product twice starts with one placeholder for it',
    *check(contracts) {
      for (const enver of allEnvers(contracts))
        for (const uses of duplicates(enver.consumers, ({ producer }) => producer.path)) {
          if (new Set(uses.map(({ placeholder }) => written(placeholder))).size === 1) continue;
          yield {
            where: `enver ${enver.id}`,
            message: `the consumers ${uses.map(({ id }) => id).join(', ')} of ${uses[0]?.producer.path} have different placeholders`,
            fix: 'give all of them the same, or none',
          };
        }
    },
  },
];

/** A placeholder as text; what JSON cannot carry breaks rule ODMD112 and is told there. */
function written(placeholder: unknown): string {
  try {
    return placeholder === undefined ? '' : canonicalJson(placeholder);
  } catch {
    return 'no JSON';
  }
}

/**
 * Why the value cannot stand for a published one. What the type only accepts after changing it, does not fit.
 * Types that rule ODMD114 refuses judge no value.
 */
function misfit(schema: z.ZodType, value: unknown): string | undefined {
  if ('problems' in toJsonSchema(schema)) return undefined;
  try {
    if (!isJson(value)) return 'it is no plain JSON value';
    const result = schema.safeParse(value);
    if (!result.success) return z.prettifyError(result.error).replaceAll('\n', ' ');
    if (canonicalJson(result.data) === canonicalJson(value)) return undefined;
    return 'it has properties that the type does not know, or is written in another way than the type wants';
  } catch (cause) {
    return `it cannot be checked: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}

/** Properties that are `undefined` count as absent, as in JSON text. */
function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return false;
  return Object.values(value).every((item) => item === undefined || isJson(item));
}
