/** What a host shows of a run in one place. */
const MAX_LENGTH = 200;

/**
 * A text as one line of at most 200 characters, without anything that steers a terminal or reorders what a person reads:
 * refs and product names may have come from anywhere.
 */
export function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim();
  const characters = [...line];
  return characters.length <= MAX_LENGTH ? line : `${characters.slice(0, MAX_LENGTH - 1).join('')}…`;
}
