import { expect, it } from 'vitest';
import { canonicalJson } from '../canonical-json.js';
import { readEntry } from '../manifest/index.js';
import { enverEntry } from './index.js';

it.each([
  [enverEntry(), 'orders/b..main'],
  [enverEntry({ build: 'web', revision: { kind: 'tag', ref: 'v1' } }), 'web/t..v1'],
  [enverEntry({ build: 'web', timeoutMinutes: 5 }), 'web/b..main'],
])('an entry for tests is a real one, with the id of its build and revision', (entry, id) => {
  expect(entry.id).toBe(id);
  expect(readEntry(canonicalJson(entry))).toEqual(entry);
});

it('takes an id that is given, as the one of a clone', () => {
  const id = 'orders/b..main-_b..x';
  expect(enverEntry({ id, cloneOf: 'orders/b..main' }).id).toBe(id);
});
