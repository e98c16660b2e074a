import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lastLine, lastWords } from './last-words.js';

test('the last line is readable, short and not empty', () => {
  expect(lastLine('one\ntwo\n\n  \n')).toBe('two');
  expect(lastLine('10%\r50%\r100%')).toBe('100%');
  expect(lastLine('a\r\n\u001b[1;31merror:\u001b[0m\u0007 功能\r\n')).toBe('error: 功能');
  expect(lastLine('x'.repeat(300))).toBe(`${'x'.repeat(199)}…`);
  expect(lastLine('')).toBe('');
  expect(lastLine('no milk\nODMD520 node x: the command ended with exit code 1\n  fix: see above\n')).toBe(
    'no milk',
  );
});

test('words are looked for after a place in the file, at its end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'odmd-words-'));
  const file = join(folder, 'log');
  writeFileSync(file, 'before\nafter\n');
  expect(await lastWords(file, 'before\n'.length)).toBe('after');
  expect(await lastWords(file, 'before\nafter\n'.length)).toBe('');
  writeFileSync(file, `${'long\n'.repeat(100_000)}end`);
  expect(await lastWords(file, 0)).toBe('end');
  rmSync(folder, { recursive: true });
});

test.each([
  ['Error: kaputt\n    at x (y:1:1)\n\nNode.js v20.20.2\n', 'Error: kaputt'],
  ['Errors\nODMD101 enver a: no\n  fix: yes\nODMD102 b\n2 errors, 1 warning\n', 'ODMD101 enver a: no'],
  [
    'npm error Missing script: "nope"\nnpm error A complete log of this run can be found in: /x\n',
    'npm error Missing script: "nope"',
  ],
  [
    'ODMD535 a: nothing was published:\n  ODMD533 output url: wrong\n  ODMD531 output tip\n',
    'ODMD533 output url: wrong',
  ],
])('the line that says why: %j', (text, line) => {
  expect(lastLine(text)).toBe(line);
});
