/** One output as it stands in the file. */
export interface Output {
  readonly name: string;
  readonly text: string;
  /** Line of its name, counted from 1. */
  readonly line: number;
}

export interface ParsedOutputs {
  /** By name; of several with one name the last counts. */
  readonly outputs: ReadonlyMap<string, Output>;
  /** Lines that are no output. The messages never repeat a line: it may be part of a value. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

interface Line {
  readonly text: string;
  /** What ended it: `\n`, `\r\n` or nothing. */
  readonly end: string;
}

/**
 * Reads what a job appended to `$ODMD_OUTPUT`, in the format of GitHub's `GITHUB_OUTPUT`
 * (https://docs.github.com/actions/reference/workflow-commands-for-github-actions#multiline-strings):
 * `name=value` on one line, or a value of several lines between `name<<DELIMITER` and a line `DELIMITER`.
 * Empty lines count only inside a value.
 */
export function parseOutputs(file: string): ParsedOutputs {
  const lines = splitLines(file);
  const outputs = new Map<string, Output>();
  const problems: { line: number; message: string }[] = [];
  for (let at = 0; at < lines.length; at++) {
    const text = lines[at]?.text ?? '';
    const line = at + 1;
    if (text === '') continue;
    const head = parseHead(text);
    if (head === undefined) {
      problems.push({ line, message: 'neither `name=value` nor `name<<DELIMITER`' });
    } else if (head.value !== undefined) {
      outputs.set(head.name, { name: head.name, text: head.value, line });
    } else {
      const end = lines.findIndex((next, index) => index > at && next.text === head.delimiter);
      if (end < 0) {
        problems.push({ line, message: 'the line that should end this value is missing' });
        break;
      }
      outputs.set(head.name, { name: head.name, text: join(lines.slice(at + 1, end)), line });
      at = end;
    }
  }
  return { outputs, problems };
}

type Head =
  | { readonly name: string; readonly value: string; readonly delimiter?: undefined }
  | { readonly name: string; readonly value?: undefined; readonly delimiter: string };

/** Whichever of `=` and `<<` comes first decides. */
function parseHead(text: string): Head | undefined {
  const [, name, mark, rest] = /^(.+?)(=|<<)(.*)$/s.exec(text) ?? [];
  if (name === undefined || rest === undefined || text.startsWith('=') || text.startsWith('<<'))
    return undefined;
  if (mark === '=') return { name, value: rest };
  return rest === '' ? undefined : { name, delimiter: rest };
}

function splitLines(file: string): Line[] {
  const lines = [...file.matchAll(/([^\n]*?)(\r?\n|$)/g)].map(([, text = '', end = '']) => ({ text, end }));
  return lines.filter(({ text, end }) => text !== '' || end !== '');
}

function join(lines: readonly Line[]): string {
  const text = lines.map((line) => line.text + line.end).join('');
  return text.slice(0, text.length - (lines.at(-1)?.end.length ?? 0));
}
