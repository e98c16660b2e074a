import { InvalidArgumentError } from 'commander';

/** `0`, `1`, `42`. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

/** `1`, `0.5`, `60`. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

/** `24000-24999`, both ends included. */
export function portRange(text: string): { from: number; to: number } {
  const [, from = 0, to = 0] = (/^(\d{1,5})-(\d{1,5})$/.exec(text) ?? []).map(Number);
  if (from < 1 || to < from || to > 65_535)
    throw new InvalidArgumentError('Give two ports, the lower one first, as in 24000-24999.');
  return { from, to };
}

/** `0` (any that is free) to `65535`. */
export function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('Give a port: 0 (any that is free) to 65535.');
  return port;
}
