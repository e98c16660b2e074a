import { createHash } from 'node:crypto';
import { JsonText } from './json-text.js';

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
  const plain = plainOf(value);
  if (!isCarried(plain)) throw new TypeError(`JSON cannot carry ${typeof plain}`);
  const writer = new Writer(gap);
  writer.write(plain, 0);
  return writer.text.toString();
}

/**
 * `JSON.stringify` itself cannot write sorted keys: an object puts keys such as `10` before all others, whatever
 * the order in which they were set.
 */
class Writer {
  readonly text = new JsonText();
  readonly #gap: string;
  readonly #lines: string[] = [];
  /** The texts of frozen objects, which are shared as types are, by depth: it shows in them. */
  readonly #frozen: Map<object, string>[] = [];

  constructor(gap: string) {
    this.#gap = gap;
  }

  /** Writes what `plainOf` gave and `isCarried` lets through. */
  write(value: unknown, depth: number): void {
    if (typeof value === 'string') this.text.addString(value);
    else if (value === null || typeof value !== 'object') this.text.addPlain(JSON.stringify(value));
    else if (Object.isFrozen(value)) this.text.add(this.#frozenText(value, depth));
    else this.#writeContainer(value, depth);
  }

  #frozenText(value: object, depth: number): string {
    this.#frozen[depth] ??= new Map();
    const known = this.#frozen[depth].get(value);
    if (known !== undefined) return known;
    const writer = new Writer(this.#gap);
    writer.#writeContainer(value, depth);
    const text = writer.text.toString();
    this.#frozen[depth].set(value, text);
    return text;
  }

  #writeContainer(value: object, depth: number): void {
    if (Array.isArray(value)) this.#writeList(value, depth);
    else this.#writeMembers(value as Readonly<Record<string, unknown>>, depth);
  }

  #writeList(items: readonly unknown[], depth: number): void {
    this.text.addPlain('[');
    for (let at = 0; at < items.length; at++) {
      if (at > 0) this.text.addPlain(',');
      this.#newLine(depth + 1);
      const item = plainOf(items[at]);
      this.write(isCarried(item) ? item : null, depth + 1);
    }
    if (items.length > 0) this.#newLine(depth);
    this.text.addPlain(']');
  }

  #writeMembers(members: Readonly<Record<string, unknown>>, depth: number): void {
    this.text.addPlain('{');
    let isEmpty = true;
    for (const name of sortedNames(members)) {
      const member = plainOf(members[name]);
      if (!isCarried(member)) continue;
      if (!isEmpty) this.text.addPlain(',');
      isEmpty = false;
      this.#newLine(depth + 1);
      this.text.addString(name);
      this.text.addPlain(this.#gap === '' ? ':' : ': ');
      this.write(member, depth + 1);
    }
    if (!isEmpty) this.#newLine(depth);
    this.text.addPlain('}');
  }

  #newLine(depth: number): void {
    if (this.#gap === '') return;
    this.#lines[depth] ??= `\n${this.#gap.repeat(depth)}`;
    this.text.addPlain(this.#lines[depth]);
  }
}

/** Names that are in order already are not sorted, which costs as much as writing them. */
function sortedNames(members: object): string[] {
  const names = Object.keys(members);
  for (let at = 1; at < names.length; at++)
    if ((names[at - 1] ?? '') > (names[at] ?? '')) return names.sort();
  return names;
}

function plainOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('toJSON' in value)) return value;
  return typeof value.toJSON === 'function' ? value.toJSON() : value;
}

/** Whether JSON has a text for it; a list has `null` in its place, an object leaves it out. */
function isCarried(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}
