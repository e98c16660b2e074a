import { expect, it } from 'vitest';
import { isLikeRef } from './ref-pattern.js';

it.each([
  ['~ALL', 'refs/tags/v1', true],
  ['refs/tags/*', 'refs/tags/v1', true],
  ['refs/tags/*', 'refs/tags/a/v1', false],
  ['refs/tags/**/*', 'refs/tags/a/b/v1', true],
  ['refs/tags/**/*', 'refs/tags/v1', true],
  ['refs/tags/**/v1', 'refs/tags/a/v2', false],
  ['refs/tags/v?', 'refs/tags/v1', true],
  ['refs/tags/v?', 'refs/tags/v/', false],
  ['refs/tags/v[0-9]', 'refs/tags/v7', true],
  ['refs/tags/v[!0-9]', 'refs/tags/v7', false],
  ['refs/tags/v[^0-9]', 'refs/tags/vx', true],
  ['refs/tags/v[!0-9]', 'refs/tags/v/', false],
  ['refs/tags/v[]', 'refs/tags/v[]', true],
  ['refs/tags/v[z-a]', 'refs/tags/vb', false],
  ['refs/tags/\\*', 'refs/tags/*', true],
  ['refs/tags/\\*', 'refs/tags/x', false],
  ['refs/tags/v1.0', 'refs/tags/v1x0', false],
  ['refs/tags/(a|b)+$', 'refs/tags/(a|b)+$', true],
  ['refs/tags/功?', 'refs/tags/功能', true],
  ['tags', 'refs/tags/v1', false],
])('%j for %j: %j', (pattern, ref, expected) => {
  expect(isLikeRef(pattern, ref)).toBe(expected);
});
