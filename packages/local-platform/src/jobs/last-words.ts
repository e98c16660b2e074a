import { type FileHandle, open } from 'node:fs/promises';

const TAIL_BYTES = 4_096;
const MAX_LENGTH = 200;
/** Colours and cursor movements (ECMA-48). */
const TERMINAL_SEQUENCE = new RegExp(`${String.fromCharCode(27)}\\[[0-?]*[ -/]*[@-~]`, 'g');

/** The last non-empty line after `from` bytes of a file, as a person reads it; empty when there is none. */
export async function lastWords(file: string, from: number): Promise<string> {
  const handle = await open(file);
  try {
    return lastLine(await readTail(handle, from));
  } finally {
    await handle.close();
  }
}

/** Lines that follow what a person wants to know: the fix of a coded error, and `odmd-enver run` saying that a command failed. */
const AFTERWORDS = /^(fix: |ODMD520 )/;

/** Without control characters and colours, and at most 200 characters long. */
export function lastLine(text: string): string {
  const lines = text.split(/\r\n|\n|\r/).map(withoutControls);
  const line = lines.findLast((candidate) => candidate !== '' && !AFTERWORDS.test(candidate)) ?? '';
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
