import { createHash } from 'node:crypto';

/**
 * JSON with object keys sorted by UTF-16 code units and no white space: equal values give equal bytes
 * (the object and number rules of RFC 8785). `undefined` properties are left out and `toJSON` is obeyed, as
 * `JSON.stringify` does.
 *
 * @throws TypeError when JSON cannot carry the value: `undefined`, a function, a symbol, a bigint
 */
export function canonicalJson(value: unknown): string {
  return written(value, '');
}

/** The same order, indented by two spaces and ended by a newline: for files that people read and diff. */
export function canonicalJsonPretty(value: unknown): string {
  return `${written(value, '  ')}\n`;
}

/** Lower-case hex sha256 of a text's UTF-8 bytes. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function written(value: unknown, gap: string): string {
  const text = write(value, gap, '\n');
  if (text === undefined) throw new TypeError(`JSON cannot carry ${typeof value}`);
  return text;
}

/**
 * `JSON.stringify` itself cannot write sorted keys: an object puts keys such as `10` before all others, whatever
 * the order in which they were set.
 */
function write(given: unknown, gap: string, newLine: string): string | undefined {
  const value = hasToJson(given) ? given.toJSON() : given;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = gap === '' ? '' : newLine + gap;
  const end = gap === '' ? '' : newLine;
  const next = newLine + gap;
  if (Array.isArray(value)) {
    const items = Array.from(value, (item) => write(item, gap, next) ?? 'null');
    return items.length === 0 ? '[]' : `[${inner}${items.join(`,${inner}`)}${end}]`;
  }
  const members: string[] = [];
  for (const [key, item] of Object.entries(value).sort(byKey)) {
    const text = write(item, gap, next);
    if (text !== undefined) members.push(`${JSON.stringify(key)}:${gap === '' ? '' : ' '}${text}`);
  }
  return members.length === 0 ? '{}' : `{${inner}${members.join(`,${inner}`)}${end}}`;
}

function hasToJson(value: unknown): value is { toJSON(): unknown } {
  return (
    typeof value === 'object' && value !== null && 'toJSON' in value && typeof value.toJSON === 'function'
  );
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
