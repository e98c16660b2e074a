/** A YAML document in block style, as far as workflows need it. Scalars are written already. */
export type Yaml =
  | { readonly kind: 'scalar'; readonly written: string }
  | { readonly kind: 'lines'; readonly header: string; readonly lines: readonly string[] }
  | { readonly kind: 'mapping'; readonly entries: readonly (readonly [key: string, value: Yaml])[] }
  | { readonly kind: 'sequence'; readonly items: readonly Yaml[] };

/** Starts with a letter, has nothing in it that YAML gives a meaning to. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_./@(),;-]*( [A-Za-z0-9_./@()-][A-Za-z0-9_./@(),;-]*)*$/;
/** Plain words that some reader of YAML takes for something else than text. */
const WORDS = /^(true|false|yes|no|on|off|y|n|null|nan|inf)$/i;
const PRINTABLE = /^[\x20-\x7e]*$/;
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
};

/** A string that every reader of YAML reads back as this very string. */
export function text(content: string): Yaml {
  return scalar(inline(content));
}

/** A number, or true or false. */
export function literal(content: number | boolean): Yaml {
  return scalar(String(content));
}

/** A string with a comment behind it, for people. */
export function commented(content: string, comment: string): Yaml {
  return scalar(`${inline(content)} # ${comment.replace(/[^\x20-\x7e]/g, '?')}`);
}

/** A string of several lines, as lines where that is safe. */
export function block(content: string): Yaml {
  const body = content.replace(/\n$/, '');
  const lines = body.split('\n');
  const safe = /^\S/.test(body) && !body.endsWith('\n') && lines.every((line) => PRINTABLE.test(line));
  if (!safe || lines.length === 1) return text(content);
  return { kind: 'lines', header: body === content ? '|-' : '|', lines };
}

/** Entries in the order given; those without a value are left out. */
export function mapping(...entries: readonly (readonly [key: string, value: Yaml | undefined])[]): Yaml {
  return { kind: 'mapping', entries: entries.flatMap(([key, value]) => (value ? [[key, value]] : [])) };
}

export function sequence(items: readonly Yaml[]): Yaml {
  return { kind: 'sequence', items };
}

/** The text of a document, ending in a newline. */
export function print(document: Yaml): string {
  return `${printed(document, '').join('\n').trimStart()}\n`;
}

function scalar(written: string): Yaml {
  return { kind: 'scalar', written };
}

/** What follows a key or a dash: the rest of its line, then further lines. */
function printed(yaml: Yaml, indent: string): string[] {
  const deeper = `${indent}  `;
  switch (yaml.kind) {
    case 'scalar':
      return [` ${yaml.written}`];
    case 'lines':
      return [` ${yaml.header}`, ...yaml.lines.map((line) => (line === '' ? '' : indent + line))];
    case 'mapping':
      if (yaml.entries.length === 0) return [' {}'];
      return [
        '',
        ...yaml.entries.flatMap(([key, value]) => headed(`${indent}${inline(key)}:`, value, deeper)),
      ];
    case 'sequence':
      if (yaml.items.length === 0) return [' []'];
      return ['', ...yaml.items.flatMap((item) => dashed(indent, item))];
  }
}

function headed(head: string, value: Yaml, indent: string): string[] {
  const [first = '', ...rest] = printed(value, indent);
  return [head + first, ...rest];
}

/** A mapping starts on the line of its dash. */
function dashed(indent: string, item: Yaml): string[] {
  const [first = '', ...rest] = printed(item, `${indent}  `);
  if (first !== '') return [`${indent}-${first}`, ...rest];
  const [second = '', ...others] = rest;
  return [`${indent}- ${second.slice(indent.length + 2)}`, ...others];
}

function inline(content: string): string {
  if (PLAIN.test(content) && !WORDS.test(content)) return content;
  if (PRINTABLE.test(content)) return `'${content.replaceAll("'", "''")}'`;
  return `"${[...content].map(escaped).join('')}"`;
}

/** A character inside double quotes. Half of a surrogate pair, which YAML cannot hold, becomes U+FFFD. */
function escaped(character: string): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  if (PRINTABLE.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code > 0xffff) return `\\U${code.toString(16).padStart(8, '0')}`;
  return `\\u${(code >= 0xd800 && code <= 0xdfff ? 0xfffd : code).toString(16).padStart(4, '0')}`;
}
