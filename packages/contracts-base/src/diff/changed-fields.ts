import { canonicalJson } from '../canonical-json.js';
import { equalJson, isObject } from '../equal-json.js';

/** One place where two descriptions of a thing differ; a side that does not have it lacks the property. */
export interface FieldChange {
  /** `commands.deploy`, `account.id`. */
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

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
