import { z } from 'zod';

/**
 * A text that two zod types share only when zod would write the same JSON Schema for them; `undefined` for a type of
 * which that cannot be told. People write `z.string()` in place, so that an org has thousands of types of which few
 * differ, and zod takes some thirty times longer to convert a type than this takes to know it again.
 *
 * The text is made of the type's definition, the checks and types in it, and the types that it was derived from. What
 * JSON Schema does not see of a definition (messages, conditions of checks) is left out of the text; what says more
 * than its definition (meta data, own conversions, functions, types that hold themselves) has none.
 */
export function typeKey(type: z.ZodType): string | undefined {
  try {
    return keyOf(type, 0);
  } catch (reason) {
    if (reason === NONE) return undefined;
    throw reason;
  }
}

const NONE = Symbol('no key');
/** Types that hold themselves have no end. */
const MAX_DEPTH = 50;
/** Of definitions: they change what zod says of a value, not which values it accepts. */
const UNSEEN: ReadonlySet<string> = new Set(['error', 'when', 'abort']);
/** Their schemas follow from their definitions alone; a template literal's, for one, follows from a pattern beside it. */
const DEFINED: ReadonlySet<string> = new Set([
  'any',
  'array',
  'boolean',
  'enum',
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
  'tuple',
  'union',
  'unknown',
]);
/** Those of base64 are written with another pattern than the one in their definition. */
const FORMATS: ReadonlySet<string> = new Set([
  'date',
  'datetime',
  'email',
  'float32',
  'float64',
  'int32',
  'regex',
  'safeint',
  'uint32',
  'url',
  'uuid',
]);

function keyOf(value: unknown, depth: number): string {
  if (typeof value === 'string') return textKey(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value == null) return String(value);
  if (typeof value !== 'object' || depth > MAX_DEPTH) throw NONE;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return plainKey(value, depth);
  if ('_zod' in value) return definitionKey(value as z.core.$ZodType, depth);
  if (value instanceof RegExp) return `/${textKey(String(value))}`;
  if (Array.isArray(value)) return listKey(value, depth);
  throw NONE;
}

/** Of a type, or of a check in one. */
function definitionKey(type: z.core.$ZodType, depth: number): string {
  const { def, parent, bag, version, toJSONSchema } = type._zod;
  if ('type' in def && !(DEFINED.has(def.type) && version === z.core.version)) throw NONE;
  if ('format' in def && !FORMATS.has(String(def.format))) throw NONE;
  if (toJSONSchema || z.globalRegistry.has(type)) throw NONE;
  for (const _ in bag) throw NONE;
  const key = membersKey(def, depth, UNSEEN);
  return parent === undefined ? key : `${key}<${keyOf(parent, depth + 1)}`;
}

/** Of the properties of an object, or the words of an enumeration. */
function plainKey(value: object, depth: number): string {
  if (Object.getOwnPropertySymbols(value).length > 0) throw NONE;
  return membersKey(value, depth);
}

function listKey(items: readonly unknown[], depth: number): string {
  let key = '[';
  for (const item of items) key += `${keyOf(item, depth + 1)},`;
  return `${key}]`;
}

function membersKey(value: object, depth: number, skip?: ReadonlySet<string>): string {
  const members = value as Readonly<Record<string, unknown>>;
  let key = '{';
  for (const name in members) if (!skip?.has(name)) key += textKey(name) + keyOf(members[name], depth + 1);
  return `${key}}`;
}

/** No text can end it early, as none is escaped. */
function textKey(text: string): string {
  return `"${text.length}:${text}`;
}
