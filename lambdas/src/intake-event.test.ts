import { expect, it } from 'vitest';
import { takeEvent } from './intake-event.js';

async function hints(event: unknown) {
  const told: string[] = [];
  const taken = await takeEvent(
    {
      enverSpoke: async (id, cause) => void told.push(`${id} by ${cause}`),
      stackChanged: async (name, cause) => void told.push(`${name} by ${cause}`),
    },
    event,
  );
  return { taken, told };
}

it('believes who spoke, and not what they say', async () => {
  const event = { id: '7', source: 'odmd.enver/orders/b..main', detail: { enver: 'other/b..main' } };
  expect(await hints(event)).toEqual({ taken: true, told: ['orders/b..main by event 7'] });
});

it('knows the stack that has changed', async () => {
  const detail = {
    'stack-id': 'arn:aws:cloudformation:us-west-1:222222222222:stack/odmd-enver-orders--main/uuid',
  };
  expect(await hints({ id: '8', source: 'aws.cloudformation', detail })).toEqual({
    taken: true,
    told: ['odmd-enver-orders--main by event 8'],
  });
});

it.each([
  { id: '9', source: 'aws.cloudformation', detail: {} },
  { id: '9', source: 'somebody', detail: null },
])('is about nothing: %j', async (event) => {
  expect(await hints(event)).toEqual({ taken: false, told: [] });
});
