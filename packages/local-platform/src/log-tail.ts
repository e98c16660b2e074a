import { open } from 'node:fs/promises';

const READ_BYTES = 64 * 1024;

/** The last lines of a text file, at most `count` and at most 64 KiB; none when there is no such file. */
export async function lastLines(file: string, count: number): Promise<string[]> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return [];
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - READ_BYTES);
    const buffer = Buffer.alloc(size - start);
    await handle.read(buffer, 0, buffer.length, start);
    const lines = buffer.toString('utf8').trimEnd().split('\n');
    // A cut at the front leaves half a line.
    const whole = start === 0 ? lines : lines.slice(1);
    return whole.slice(-count).filter((line, at) => line !== '' || at > 0);
  } finally {
    await handle.close();
  }
}
