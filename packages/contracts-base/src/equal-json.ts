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

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NONE: ReadonlySet<string> = new Set();
