import { canonicalJson } from '../canonical-json.js';
import { isObject } from '../equal-json.js';
import type { JsonSchema } from '../manifest/index.js';

/** A JSON Schema as these functions look at it: annotations gone, and equal things written in one way. */
export type Schema = boolean | { readonly [keyword: string]: unknown };

const ANNOTATIONS: ReadonlySet<string> = new Set([
  '$comment',
  '$schema',
  'default',
  'deprecated',
  'description',
  'examples',
  'readOnly',
  'title',
  'writeOnly',
]);
const MAPS: ReadonlySet<string> = new Set(['$defs', 'dependentSchemas', 'patternProperties', 'properties']);
const LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const SINGLE: ReadonlySet<string> = new Set([
  'additionalProperties',
  'contains',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
/** Lists whose order means nothing. */
const SETS: ReadonlySet<string> = new Set(['anyOf', 'enum', 'oneOf', 'required', 'type']);

/** The schema in its normal form; the one of a schema that accepts nothing, or everything, is `false` or `true`. */
export function normalSchema(schema: JsonSchema): Schema {
  return normal(schema);
}

function normal(given: unknown): Schema {
  if (!isObject(given)) return given !== false;
  const result: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(given)) {
    if (ANNOTATIONS.has(keyword)) continue;
    const made = keywordValue(keyword, value);
    if (made !== undefined && !saysNothing(keyword, made)) result[keyword] = made;
  }
  if (result.not === true) return false;
  return Object.keys(result).length === 0 ? true : result;
}

function keywordValue(keyword: string, value: unknown): unknown {
  if (SINGLE.has(keyword)) return normal(value);
  if (MAPS.has(keyword) && isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, normal(schema)]));
  if (!Array.isArray(value)) return value;
  const items = LISTS.has(keyword) ? value.map(normal) : value;
  if (!SETS.has(keyword)) return items;
  const sorted = [...items].sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  return keyword === 'type' && sorted.length === 1 ? sorted[0] : sorted;
}

function saysNothing(keyword: string, value: unknown): boolean {
  if (keyword === 'additionalProperties' || keyword === 'items') return value === true;
  if (keyword === 'propertyNames') return value === true || canonicalJson(value) === '{"type":"string"}';
  return keyword === 'required' && Array.isArray(value) && value.length === 0;
}

/** What a reference inside a document stands for; `undefined` for one that leads nowhere. */
export function dereference(root: Schema, reference: unknown): Schema | undefined {
  if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined;
  let found: unknown = root;
  for (const part of reference.slice(1).split('/').slice(1)) {
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    found = isObject(found) || Array.isArray(found) ? Reflect.get(found, name) : undefined;
  }
  return typeof found === 'boolean' || isObject(found) ? found : undefined;
}

/** The JSON types that a schema names; all of them when it names none. */
export function typesOf(schema: Schema): readonly string[] {
  if (typeof schema === 'boolean') return schema ? ALL_TYPES : [];
  const { type } = schema;
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? type : ALL_TYPES;
}

const ALL_TYPES: readonly string[] = ['array', 'boolean', 'null', 'number', 'object', 'string'];

/** The values of a schema that lists them, or has few enough by its type. */
export function finiteValues(schema: Schema): readonly unknown[] | undefined {
  if (typeof schema === 'boolean') return schema ? undefined : [];
  if ('const' in schema) return [schema.const];
  if (Array.isArray(schema.enum)) return schema.enum;
  if (schema.type === 'null') return [null];
  if (schema.type === 'boolean') return [false, true];
  return undefined;
}
