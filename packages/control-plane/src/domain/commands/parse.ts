/** One `odmd:` line of a commit message or tag annotation. */
export type Command =
  | {
      readonly verb: 'create';
      /** Without it, every enver of the repo that tracks the base. */
      readonly build?: string;
      /** A branch or tag as written: `main`, `b..main`. */
      readonly base: string;
      /** Milliseconds after the last push. */
      readonly expiresAfterMs?: number;
      readonly until?: 'pr';
    }
  | { readonly verb: 'delete'; readonly build?: string };

export interface ParsedLine {
  /** 1 for the first line of the message. */
  readonly line: number;
  readonly text: string;
  readonly result: { readonly command: Command } | { readonly problem: Problem };
}

interface Problem {
  /** 1 for the first character of the line. */
  readonly column: number;
  readonly message: string;
  readonly fix: string;
}

const GRAMMAR =
  'write `odmd: create@<branch or tag>`, `odmd: create <build>@<branch or tag>`, `odmd: delete` or `odmd: delete <build>`';
const VERBS = { create: 'create', delete: 'delete', remove: 'delete' } as const;
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90m`, `72h`, `3d` in milliseconds; `undefined` for anything else. */
export function durationMs(text: string): number | undefined {
  const match = /^(\d{1,5})([mhd])$/.exec(text);
  return match ? Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS] : undefined;
}

/** What GitHub and git write above a message when a branch is merged or squashed into another. */
const MERGES = [/^Merge pull request #\d+ from /, /^Merge (remote-tracking )?branch '/, / \(#\d+\)$/];

/** Whether a message belongs to the merge or squash of another branch: it repeats what was said, and done, there. */
export function isMerge(message: string): boolean {
  const [title = ''] = message.split(/\r\n|\r|\n/, 1);
  return MERGES.some((pattern) => pattern.test(title.trimEnd()));
}

/** Every line of a message that starts with `odmd:`, as a command or with what is wrong with it. */
export function parseCommands(message: string): ParsedLine[] {
  return message.split(/\r\n|\r|\n/).flatMap((text, index) => {
    const match = /^[ \t]*odmd[ \t]*:/i.exec(text);
    return match ? [{ line: index + 1, text: text.trim(), result: parseLine(text, match[0].length) }] : [];
  });
}

function parseLine(text: string, start: number): ParsedLine['result'] {
  const words = [...text.slice(start).matchAll(/[^ \t]+/g)].map((match) => ({
    text: match[0],
    column: start + match.index + 1,
  }));
  const [first, ...rest] = words;
  if (!first) return problem(start + 1, 'the command is missing', GRAMMAR);
  const at = first.text.indexOf('@');
  const word = at === -1 ? first.text : first.text.slice(0, at);
  const verb = VERBS[word.toLowerCase() as keyof typeof VERBS];
  if (!verb) return unknownVerb(word, first.column);
  if (verb === 'delete') return parseDelete(first, at, rest);
  if (at !== -1)
    return parseCreate(undefined, { text: first.text.slice(at + 1), column: first.column + at + 1 }, rest);
  const [target, ...options] = rest;
  const split = target?.text.indexOf('@') ?? -1;
  if (!target || split < 1)
    return problem(target?.column ?? first.column, '`create` does not say what to copy', GRAMMAR);
  const base = { text: target.text.slice(split + 1), column: target.column + split + 1 };
  return parseCreate(target.text.slice(0, split), base, options);
}

interface Word {
  readonly text: string;
  readonly column: number;
}

function parseDelete(first: Word, at: number, rest: readonly Word[]): ParsedLine['result'] {
  if (at !== -1)
    return problem(first.column + at, '`delete` takes no `@`: it removes this ref’s own clone', GRAMMAR);
  const [build, extra] = rest;
  if (extra) return problem(extra.column, `unexpected ${quote(extra.text)}`, GRAMMAR);
  return { command: build ? { verb: 'delete', build: build.text } : { verb: 'delete' } };
}

function parseCreate(build: string | undefined, base: Word, options: readonly Word[]): ParsedLine['result'] {
  if (base.text === '') return problem(base.column, 'the branch or tag after `@` is missing', GRAMMAR);
  let expiresAfterMs: number | undefined;
  let until: 'pr' | undefined;
  for (const option of options) {
    const duration = option.text.startsWith('expires=')
      ? durationMs(option.text.slice('expires='.length))
      : undefined;
    if (duration !== undefined && duration > 0) expiresAfterMs = duration;
    else if (option.text === 'until=pr') until = 'pr';
    else
      return problem(
        option.column,
        `unknown option ${quote(option.text)}`,
        'options are `expires=72h` (m, h, d) and `until=pr`',
      );
  }
  return {
    command: {
      verb: 'create',
      base: base.text,
      ...(build !== undefined && { build }),
      ...(expiresAfterMs !== undefined && { expiresAfterMs }),
      ...(until && { until }),
    },
  };
}

function unknownVerb(word: string, column: number): ParsedLine['result'] {
  const near = Object.keys(VERBS).find((verb) => distance(verb, word.toLowerCase()) <= 2);
  const hint = near ? `did you mean \`${near}\`? ` : '';
  return problem(column, `unknown command ${quote(word)}`, `${hint}${GRAMMAR}`);
}

function problem(column: number, message: string, fix: string): { problem: Problem } {
  return { problem: { column, message, fix } };
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** Edits (insert, delete, replace, swap neighbours) that turn one word into the other. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const cell = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + same);
      if (swapped) row[j] = Math.min(cell(i, j), cell(i - 2, j - 2) + 1);
    }
  }
  return cell(a.length, b.length);
}
