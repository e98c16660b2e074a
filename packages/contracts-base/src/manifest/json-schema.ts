import { z } from 'zod';
import type { JsonSchema } from './schema.js';
import { typeKey } from './type-key.js';
import { typeProblem } from './type-problems.js';

export type JsonSchemaResult = { readonly schema: JsonSchema } | { readonly problems: readonly string[] };

/** Types do not change, and an org's products are consumed many times. */
const converted = new WeakMap<z.ZodType, JsonSchemaResult>();
/** By `typeKey`. Problems are not kept: they name places in one type. */
const convertedAlike = new Map<string, JsonSchemaResult>();

/**
 * A zod type as JSON Schema (draft 2020-12), or every reason why JSON Schema cannot carry it. What it gives accepts
 * the values that the type accepts and leaves as they are; objects are closed unless they are `z.looseObject` or
 * have a `catchall`. Of a `format`, publishers in another language may check less than zod does.
 *
 * Types that are alike give the same object, which is frozen through and through.
 */
export function toJsonSchema(type: z.ZodType): JsonSchemaResult {
  const known = converted.get(type);
  if (known) return known;
  const result = convertAlike(type);
  converted.set(type, result);
  return result;
}

function convertAlike(type: z.ZodType): JsonSchemaResult {
  const key = typeKey(type);
  if (key === undefined) return convertType(type);
  const known = convertedAlike.get(key);
  if (known) return known;
  const result = convertType(type);
  if ('schema' in result) convertedAlike.set(key, result);
  return result;
}

/** Converts a type the long way, whatever is known of others. */
export function convertType(type: z.ZodType): JsonSchemaResult {
  if (!('_zod' in type)) return { problems: ['it is not a type of zod 4'] };
  const problems = new Set<string>();
  const convert = (unrepresentable: 'throw' | 'any') =>
    z.toJSONSchema(type, {
      target: 'draft-2020-12',
      io: 'output',
      unrepresentable,
      override: ({ zodSchema, jsonSchema, path }) => {
        const problem = typeProblem(zodSchema, jsonSchema);
        if (problem) problems.add(`${problem}${at(path)} cannot be written as JSON Schema`);
        // A set, in JSON Schema: the order in which a contract lists its properties is not part of it.
        if (Array.isArray(jsonSchema.required)) jsonSchema.required.sort();
      },
    });
  try {
    const { $schema: _dialect, ...schema } = convert('throw') as Record<string, unknown>;
    if (problems.size > 0) return { problems: [...problems] };
    return { schema: JSON.parse(JSON.stringify(schema), (_, value) => Object.freeze(value)) as JsonSchema };
  } catch (cause) {
    // zod stops at the first type that it cannot write: go on without it, to name the others too.
    const first = cause instanceof Error ? cause.message : String(cause);
    try {
      convert('any');
    } catch {
      return { problems: [...problems, first] };
    }
    return { problems: problems.size > 0 ? [...problems] : [first] };
  }
}

function at(path: readonly (string | number)[]): string {
  const place = path.filter((part) => part !== 'properties').join('.');
  return place === '' ? '' : ` at ${place}`;
}
