/**
 * Whether a full ref is like a pattern of a ruleset, as GitHub reads it: `*` is anything but a slash, `**` with a slash
 * any folders, `?` one character, `[a-z]` one of these, and `\` takes the next character for itself.
 */
export function isLikeRef(pattern: string, ref: string): boolean {
  if (pattern === '~ALL') return true;
  try {
    return new RegExp(`^${expression(pattern)}$`, 'su').test(ref);
  } catch {
    // Such as `[z-a]`, which nothing is like.
    return false;
  }
}

const TOKEN = /\*\*\/|\*+|\?|\[([!^]?)((?:\\.|[^\]\\])+)\]|\\(.)|[\s\S]/gu;

function expression(pattern: string): string {
  return pattern.replace(TOKEN, (token, not: string | undefined, set: string | undefined, taken?: string) => {
    if (token === '**/') return '(?:[^/]+/)*';
    if (token.startsWith('*')) return '[^/]*';
    if (token === '?') return '[^/]';
    if (set !== undefined)
      return `(?!/)[${not ? '^' : ''}${set.replace(/\\(.)/gsu, '$1').replace(/[\\[\]^]/g, '\\$&')}]`;
    return (taken ?? token).replace(/[\\^$.|?*+()[\]{}/]/g, '\\$&');
  });
}
