import type { Answer } from '../../ports/notifier.js';

/** By this the platform finds its comment on a pull request again; GitHub does not show it. */
export const MARK = '<!-- odmd: answers -->';
const NEXT = '<!-- odmd: next -->';
/** GitHub takes 65,536 characters; what is older than fits is left out. */
const MAX_LENGTH = 60_000;
const MAX_MESSAGE = 10_000;

/** What is said once, or in a comment with others. */
export interface Said extends Answer {
  /** The commit that it answers. */
  readonly sha: string;
}

/**
 * A text in which nothing acts: branch names and messages stand in a code block, longer fenced than any fence in them,
 * so no markup, mention, link or reference in them does anything.
 */
export function blockOf({ level, message, sha }: Said): string {
  const text = harmless(message);
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const title = level === 'error' ? 'ODMD could not do this' : 'ODMD';
  return `**${title}** (${sha})\n\n${fence}text\n${text}\n${fence}`;
}

/** The first text of a comment that will have more. */
export function firstText(said: Said): string {
  return `${MARK}\n${blockOf(said)}`;
}

/** A comment's text with one more answer, the newest first; the same text when it has that answer already. */
export function withAnswer(text: string, said: Said): string {
  const before = text
    .slice(MARK.length)
    .trim()
    .split(NEXT)
    .map((block) => block.trim());
  const block = blockOf(said);
  if (before.includes(block)) return text;
  let all = `${MARK}\n${block}`;
  for (const old of before) {
    const longer = `${all}\n\n${NEXT}\n${old}`;
    if (longer.length > MAX_LENGTH) break;
    all = longer;
  }
  return all;
}

function harmless(message: string): string {
  const short = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)} …` : message;
  return (
    short
      .replace(/\r\n?/g, '\n')
      // Control characters, and those that reorder what a person reads.
      .replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) =>
        character === '\n' || character === '\t' ? character : '\uFFFD',
      )
      // The marks of the platform are its own.
      .replaceAll('<!--', '<!\u200B--')
  );
}
