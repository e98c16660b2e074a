import { z } from 'zod';
import type { JsonSchema } from './schema.js';
import { typeProblem } from './type-problems.js';

export type JsonSchemaResult = { readonly schema: JsonSchema } | { readonly problems: readonly string[] };

/** Types do not change, and an org's products are consumed many times. */
const converted = new WeakMap<z.ZodType, JsonSchemaResult>();

/**
 * A zod type as JSON Schema (draft 2020-12), or every reason why JSON Schema cannot carry it. What it gives accepts
 * the values that the type accepts and leaves as they are; objects are closed unless they are `z.looseObject` or
 * have a `catchall`. Of a `format`, publishers in another language may check less than zod does.
 *
 * The same type gives the same object every time: do not change it.
 */
export function toJsonSchema(type: z.ZodType): JsonSchemaResult {
  const known = converted.get(type);
  if (known) return known;
  const result = convertType(type);
  converted.set(type, result);
  return result;
}

function convertType(type: z.ZodType): JsonSchemaResult {
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
    return { schema: JSON.parse(JSON.stringify(schema)) as JsonSchema };
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
