import { type FileHandle, open } from 'node:fs/promises';

const TAIL_BYTES = 4_096;
const MAX_LENGTH = 200;
/** Colours and cursor movements (ECMA-48). */
const TERMINAL_SEQUENCE = new RegExp(`${String.fromCharCode(27)}\\[[0-?]*[ -/]*[@-~]`, 'g');

/** The line after `from` bytes of a file that says best why a step failed; empty when there is none. */
export async function lastWords(file: string, from: number): Promise<string> {
  const handle = await open(file);
  try {
    return lastLine(await readTail(handle, from));
  } finally {
    await handle.close();
  }
}

/** Lines that say how many findings there were, that a command failed, or where: a person wants to know which and why. */
const NOISE =
  /^(fix: |at |ODMD520 |ODMD535 |Node\.js v\d|\d+ errors?, \d+ warnings?$|npm error A complete log)/;
const CODED = /^ODMD\d{3} /;
const ERROR = /^(\w*(Error|Exception)\b|error\b|fatal\b|npm error )/i;

/**
 * The line that says best why a step failed: the first coded error, else the last line that calls itself an error,
 * else the last one. Without control characters and colours, and at most 200 characters long.
 */
export function lastLine(text: string): string {
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((line) => withoutControls(line).replace(/^\| ?/, ''))
    .filter((line) => line !== '' && !NOISE.test(line));
  const coded = lines.find((line) => CODED.test(line));
  const line = coded ?? lines.findLast((one) => ERROR.test(one)) ?? lines.at(-1) ?? '';
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
}

function withoutControls(line: string): string {
  return line
    .replace(TERMINAL_SEQUENCE, '')
    .replace(/\p{Cc}/gu, '')
    .trim();
}

async function readTail(handle: FileHandle, from: number): Promise<string> {
  const { size } = await handle.stat();
  const start = Math.max(from, size - TAIL_BYTES);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.max(size - start, 0)), {
    position: start,
  });
  return buffer.toString('utf8', 0, bytesRead);
}
