import type { z } from 'zod';

/** Types whose JSON Schema accepts what they accept. Whatever zod adds later is refused until it is listed here. */
const PLAIN_TYPES: ReadonlySet<string> = new Set([
  'any',
  'array',
  'boolean',
  'enum',
  'intersection',
  'lazy',
  'literal',
  'never',
  'nonoptional',
  'null',
  'nullable',
  'number',
  'object',
  'optional',
  'readonly',
  'record',
  'string',
  'template_literal',
  'tuple',
  'union',
  'unknown',
]);

/** How a person would call the others; a type that is not named here goes by zod's own name. */
const CALLED: Readonly<Record<string, string>> = {
  bigint: 'a big integer',
  catch: 'a fallback (.catch)',
  custom: 'a custom type',
  date: 'a date',
  default: 'a default (it would change the value)',
  function: 'a function',
  pipe: 'a transform or pipe',
  prefault: 'a default (it would change the value)',
  transform: 'a transform or pipe',
  undefined: 'undefined (use .optional())',
};

const PLAIN_CHECKS: ReadonlySet<string> = new Set([
  'describe',
  'greater_than',
  'length_equals',
  'less_than',
  'max_length',
  'meta',
  'min_length',
  'multiple_of',
  'number_format',
]);

/**
 * What of this one zod type (not of those inside it) gets lost in JSON Schema, where zod itself would say nothing
 * or only throw at the first. A publisher in another language would not be checked for it.
 */
export function typeProblem(type: z.core.$ZodType, jsonSchema: object): string | undefined {
  const { def } = type._zod;
  if (!PLAIN_TYPES.has(def.type)) return CALLED[def.type] ?? `the type ${def.type}`;
  if ('coerce' in def && def.coerce) return 'a coercion';
  // A format such as z.url() is a type and its own first check.
  const own = 'check' in def ? [def] : [];
  const inner = (def.checks ?? []).map((check) => check._zod.def);
  for (const check of [...own, ...inner]) {
    const problem = checkProblem(check as CheckDef);
    if (problem) return problem;
  }
  const numbers = Object.values(jsonSchema).flat();
  if (numbers.some((value) => typeof value === 'number' && !Number.isFinite(value)))
    return 'a number that is not finite';
  return undefined;
}

interface CheckDef {
  readonly check: string;
  readonly format?: string;
  readonly pattern?: RegExp;
  /** Of z.url(). */
  readonly hostname?: RegExp;
  readonly protocol?: RegExp;
  readonly normalize?: boolean;
}

function checkProblem(check: CheckDef): string | undefined {
  if (check.check === 'overwrite') return 'a change of the value (trim, lower case and the like)';
  if (check.check === 'string_format') return formatProblem(check);
  return PLAIN_CHECKS.has(check.check) ? undefined : 'a refinement';
}

function formatProblem({ format, pattern, hostname, protocol, normalize }: CheckDef): string | undefined {
  if (format === 'url' && (hostname || protocol || normalize))
    return 'a URL limited by protocol or host name, or normalised (use z.url().regex(/^https:/))';
  if (format === 'url') return undefined;
  if (!pattern) return `the format ${format} (it is code)`;
  if (/[^guyvd]/.test(pattern.flags)) return `the flags of ${pattern}`;
  try {
    new RegExp(pattern.source, 'u');
    return undefined;
  } catch {
    return `${pattern} (not a pattern with the flag u)`;
  }
}
