import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { lastLines } from './log-tail.js';

const folder = mkdtempSync(join(tmpdir(), 'odmd-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['the end of a file', 'a\nb\nc\n', 2, ['b', 'c']],
  ['a short file whole', 'a', 2, ['a']],
  ['nothing of an empty file', '', 2, []],
  ['whole lines only', `${'x'.repeat(100_000)}\ny`, 5, ['y']],
])('gives %s', async (_, content, count, expected) => {
  const file = join(folder, 'log');
  writeFileSync(file, content);
  expect(await lastLines(file, count)).toEqual(expected);
});

test('gives nothing of a file that is not there', async () => {
  expect(await lastLines(join(folder, 'none'), 3)).toEqual([]);
});
