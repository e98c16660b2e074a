import { expect, it } from 'vitest';
import { matchesPattern } from './patterns.js';

it.each([
  ['feature/*', 'feature/x', true],
  ['feature/*', 'feature/a/b', true],
  ['feature/*', 'feature', false],
  ['*', 'x', true],
  ['a.b*', 'axb', false],
  ['dev-*-1', 'dev-tea-1', true],
  ['f(1)+*', 'f(1)+x', true],
  ['feature/*', 'feature/\n功能', true],
])('%j and %j: %j', (pattern, name, match) => {
  expect(matchesPattern(pattern, name)).toBe(match);
});
