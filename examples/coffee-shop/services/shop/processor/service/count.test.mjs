import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOnce } from './count.mjs';

const message = (detail) => ({ Body: JSON.stringify({ detail }) });

test('orders that were counted leave the queue, others stay', async () => {
  const messages = [message({ drink: 'espresso' }), message({}), message({ drink: 'mocha' }), { Body: '' }];
  const counted = [];
  const removed = [];
  const result = await countOnce({
    receive: async () => messages,
    add: async (drink) => counted.push(drink),
    remove: async (one) => removed.push(messages.indexOf(one)),
  });
  assert.deepEqual(result, { counted: 2, failed: 2 });
  assert.deepEqual(counted, ['espresso', 'mocha']);
  assert.deepEqual(removed, [0, 2]);
});
