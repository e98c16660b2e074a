import type { JsonSchema } from '@ondemandenv/contracts-base';
import type { Json } from './inputs.js';
import { propertyNames } from './json-schema.js';

/** Deeper inside, only the kind of a value is told. */
const MAX_DEPTH = 3;

/**
 * The form of a value without anything that is in it: kinds, the length of lists, and the names of properties that the
 * type declares. Other properties are counted: their names are data.
 *
 * @example shapeOf(schema, { url: 5, secret: 'x' }) // '{url: number, 1 undeclared}'
 */
export function shapeOf(schema: JsonSchema, value: Json): string {
  return shape(value, propertyNames(schema), MAX_DEPTH);
}

function shape(value: Json, names: ReadonlySet<string>, depth: number): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value === 'string' ? 'text' : typeof value;
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (depth === 0) return 'object';
  const all = Object.entries(value);
  const known = all.filter(([name]) => names.has(name));
  const parts = known.map(([name, part]) => `${name}: ${shape(part, names, depth - 1)}`);
  if (known.length < all.length) parts.push(`${all.length - known.length} undeclared`);
  return `{${parts.join(', ')}}`;
}
