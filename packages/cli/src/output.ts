import { styleText } from 'node:util';
import type { Terminal } from './terminal.js';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/** Text in a style where the terminal shows styles, plain anywhere else. */
export function styled(terminal: Terminal, style: Style, text: string): string {
  return terminal.colour ? styleText(style, text, { validateStream: false }) : text;
}

/** One JSON document, for scripts. */
export function json(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value, null, 2)}\n`);
}

export function line(terminal: Terminal, text = ''): void {
  terminal.out(`${text}\n`);
}

export interface Cell {
  readonly text: string;
  readonly style?: Style | undefined;
}

/** Rows in columns of equal width, two spaces apart; styles do not count as width. */
export function table(terminal: Terminal, head: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const all = [head.map((text): Cell => ({ text, style: 'bold' })), ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.text.length ?? 0)));
  for (const row of all) {
    const cells = row.map(({ text, style }, column) => {
      const padding = column === row.length - 1 ? '' : ' '.repeat((widths[column] ?? 0) - text.length);
      return (style ? styled(terminal, style, text) : text) + padding;
    });
    line(terminal, cells.join('  ').trimEnd());
  }
}

/** `1 enver`, `3 envers`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** At most `max` characters of the first line; `…` says that there is more. */
export function shortened(text: string, max: number): string {
  const first = text.split('\n', 1)[0] ?? '';
  const cut = first.length > max ? first.slice(0, max - 1).trimEnd() : first;
  return cut.length < text.length ? `${cut}…` : cut;
}
