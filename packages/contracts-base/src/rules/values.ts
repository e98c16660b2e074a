import { z } from 'zod';
import { toJsonSchema } from '../manifest/json-schema.js';
import { allEnvers } from './helpers.js';
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
              fix: 'use a type of plain JSON values: no refinements, transforms, dates, big integers or functions',
            };
        }
    },
  },
];

function misfit(schema: z.ZodType, value: unknown): string | undefined {
  const result = schema.safeParse(value);
  return result.success ? undefined : z.prettifyError(result.error).replaceAll('\n', ' ');
}
