import type { Answer } from '../../ports/notifier.js';
import { fenced, inert } from './inert-text.js';

/** By this the platform finds its comment on a pull request again; GitHub does not show it. */
export const MARK = '<!-- odmd: answers -->';
const STATE = '<!-- odmd: state -->';
const NEXT = '<!-- odmd: next -->';
/** GitHub takes 65,536 characters; what is older than fits is left out. */
const MAX_LENGTH = 60_000;
const MAX_MESSAGE = 10_000;

/** What is said once, or in a comment with others. */
export interface Said extends Answer {
  /** The commit that it answers. */
  readonly sha: string;
}

/** The platform's comment on a pull request. */
export interface Comment {
  /** How the clones are; shown at the top. */
  readonly state?: string;
  /** The newest first. */
  readonly answers: readonly string[];
}

/** A comment as it is read from its text, which begins with `MARK`. */
export function parseComment(text: string): Comment {
  const [first = '', ...others] = text.slice(MARK.length).split(NEXT);
  const top = first.trim();
  const rest = others.map((block) => block.trim());
  if (!top.startsWith(STATE)) return { answers: [top, ...rest].filter((block) => block !== '') };
  return { state: top.slice(STATE.length).trim(), answers: rest };
}

/** The text of a comment; the oldest answers are left out where it would be too long. */
export function commentText({ state, answers }: Comment): string {
  let all = state === undefined ? MARK : `${MARK}\n${STATE}\n${state}`;
  for (const [index, block] of answers.entries()) {
    const before = state === undefined && index === 0 ? '\n' : `\n\n${NEXT}\n`;
    const longer = all + before + block;
    if (longer.length > MAX_LENGTH) break;
    all = longer;
  }
  return all;
}

/** A comment with one more answer; the same one when it has that answer already. */
export function withAnswer(comment: Comment, said: Said): Comment {
  const block = blockOf(said);
  if (comment.answers.includes(block)) return comment;
  return { ...comment, answers: [block, ...comment.answers] };
}

/**
 * What is said as a text in which nothing acts: branch names and messages stand in a code block.
 */
export function blockOf({ level, message, sha }: Said): string {
  const short = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)} …` : message;
  // The marks of the platform are its own.
  const text = inert(short).replaceAll('<!--', '<!\u200B--');
  const title = level === 'error' ? 'ODMD could not do this' : 'ODMD';
  return `**${title}** (${sha})\n\n${fenced(text)}`;
}
