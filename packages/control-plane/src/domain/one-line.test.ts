import { expect, it } from 'vitest';
import { oneLine } from './one-line.js';

it('leaves a line as it is', () => {
  expect(oneLine('foundation/b..main/bus 3 → 4')).toBe('foundation/b..main/bus 3 → 4');
});

it('takes out line ends, what steers a terminal and what reorders text', () => {
  expect(oneLine(' one\r\ntwo\u2028three\u001b[31m\u202efour\n')).toBe('one two three [31m four');
});

it('takes 200 characters, whole ones', () => {
  expect(oneLine('🦆'.repeat(200))).toBe('🦆'.repeat(200));
  expect(oneLine('🦆'.repeat(201))).toBe(`${'🦆'.repeat(199)}…`);
});
