import { z } from 'zod';
import type { JsonSchema } from './schema.js';

/** A zod type as JSON Schema, or every reason why JSON Schema cannot carry it. */
export function toJsonSchema(type: z.ZodType): { schema: JsonSchema } | { problems: string[] } {
  const problems: string[] = [];
  try {
    const schema = z.toJSONSchema(type, {
      target: 'draft-2020-12',
      io: 'output',
      unrepresentable: 'throw',
      override: ({ zodSchema, path }) => {
        // zod leaves refinements out without a word; a publisher in another language would not be checked.
        const checks = 'checks' in zodSchema._zod.def ? (zodSchema._zod.def.checks ?? []) : [];
        if (checks.some((check) => check._zod.def.check === 'custom'))
          problems.push(`a refinement${at(path)} cannot be written as JSON Schema`);
        if (zodSchema._zod.def.type === 'custom')
          problems.push(`a custom type${at(path)} cannot be written as JSON Schema`);
      },
    });
    if (problems.length > 0) return { problems };
    const { $schema: _dialect, '~standard': _standard, ...rest } = schema as Record<string, unknown>;
    return { schema: JSON.parse(JSON.stringify(rest)) as JsonSchema };
  } catch (cause) {
    return { problems: [...problems, cause instanceof Error ? cause.message : String(cause)] };
  }
}

function at(path: readonly (string | number)[]): string {
  const place = path.filter((part) => part !== 'properties').join('.');
  return place === '' ? '' : ` at ${place}`;
}
