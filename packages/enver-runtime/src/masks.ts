import { canonicalJson } from '@ondemandenv/contracts-base';
import type { Json } from './inputs.js';

/** Shorter texts are everywhere in a log: hiding them would hide the log. */
const MIN_LENGTH = 6;

/**
 * Lines by which GitHub's runner hides values in all that the job writes after them: each value as commands see it,
 * and every text inside it. The lines themselves are not shown.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log
 */
export function maskCommands(values: readonly Json[]): string[] {
  const shown = values.map((value) => (typeof value === 'string' ? value : canonicalJson(value)));
  // A log has lines, so a text of several is hidden line by line.
  const lines = [...shown, ...values.flatMap(texts)].flatMap((text) => text.split(/\r?\n/));
  const long = lines.filter((line) => line.length >= MIN_LENGTH);
  return [...new Set(long)].map((line) => `::add-mask::${escaped(line)}`);
}

function texts(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(texts);
}

function escaped(line: string): string {
  return line.replaceAll('%', '%25').replaceAll('\r', '%0D');
}
