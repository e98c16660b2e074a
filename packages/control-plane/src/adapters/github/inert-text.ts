/** A text as a person should read it: without characters that control a terminal or reorder what is read. */
export function inert(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) =>
      character === '\n' || character === '\t' ? character : '\uFFFD',
    );
}

/** A text in a code block, longer fenced than any fence in it: no markup, mention, link or reference in it does anything. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/**
 * A text as HTML in one line. All but letters, digits and a few marks goes as a number, so that neither HTML nor
 * Markdown finds anything in it.
 */
export function escaped(text: string): string {
  return inert(text).replace(/[^\p{L}\p{N} .,_/-]/gu, (character) => `&#${character.codePointAt(0)};`);
}

/** A text that stands for itself: in code GitHub makes no links, mentions, references or emoji of it. */
export function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}
