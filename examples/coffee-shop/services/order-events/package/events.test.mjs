import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { EVENTS, isOrderPlaced } from './index.mjs';

const read = (file) => readFileSync(new URL(file, import.meta.url), 'utf8');

test('every event has a schema and a type', () => {
  const schemas = JSON.parse(read('schemas.json'));
  assert.deepEqual(Object.keys(schemas), [...EVENTS]);
  const types = read('index.d.mts');
  for (const [name, { properties }] of Object.entries(schemas)) {
    const [, body = ''] = new RegExp(`interface ${name} \\{([^}]*)\\}`).exec(types) ?? [];
    const fields = [...body.matchAll(/readonly (\w+)\??:/g)].map(([, field]) => field);
    assert.deepEqual(fields, Object.keys(properties));
  }
});

test('an order names a drink', () => {
  assert.equal(isOrderPlaced({ drink: 'espresso', cents: 250 }), true);
  for (const detail of [undefined, null, 'espresso', {}, { drink: '' }, { drink: 1 }])
    assert.equal(isOrderPlaced(detail), false);
});
