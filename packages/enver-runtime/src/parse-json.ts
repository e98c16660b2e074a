import type { Json } from './inputs.js';

/** `undefined` when it is not JSON. The parser's own message repeats the text, which may be nobody's to see. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
