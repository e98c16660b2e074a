import { canonicalJson } from '../canonical-json.js';
import { isObject } from './normal-schema.js';

/** One place where two descriptions of a thing differ; a side that does not have it lacks the property. */
export interface FieldChange {
  /** `commands.deploy`, `account.id`. */
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Whether two JSON values are equal; properties that are `undefined` count as absent. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => equalJson(item, b[at]));
  return isObject(a) && isObject(b) && equalObjects(a, b, NONE);
}

/** As `equalJson`, of two objects but for some of their own fields. */
export function equalObjects(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
  skip: ReadonlySet<string>,
): boolean {
  let present = 0;
  // `for in` makes no list of the names, and this runs over everything that an org has.
  for (const name in a) {
    const value = a[name];
    if (value === undefined || skip.has(name)) continue;
    if (!equalJson(value, b[name])) return false;
    present += 1;
  }
  for (const name in b) if (b[name] !== undefined && !skip.has(name)) present -= 1;
  return present === 0;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * The fields in which two objects differ, by name: objects are looked into, lists are taken as a whole.
 *
 * @param skip names of the outermost fields that are not compared
 */
export function changedFields(
  before: object,
  after: object,
  skip: ReadonlySet<string> = new Set(),
): FieldChange[] {
  const [a, b] = [{ ...before } as Record<string, unknown>, { ...after } as Record<string, unknown>];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return names.filter((name) => !skip.has(name)).flatMap((name) => differences(name, a[name], b[name]));
}

function differences(field: string, before: unknown, after: unknown): FieldChange[] {
  if (equalJson(before, after)) return [];
  if (isObject(before) && isObject(after))
    return changedFields(before, after).map((change) => ({ ...change, field: `${field}.${change.field}` }));
  return [{ field, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}

/** A changed value as one short line. */
export function shortJson(value: unknown): string {
  const text = value === undefined ? '(none)' : typeof value === 'string' ? value : canonicalJson(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
