import { expect, it } from 'vitest';
import { once } from './once.js';

it('makes one for all, however many ask at the same time', async () => {
  let made = 0;
  const get = once(async () => ++made);
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  expect(await get()).toBe(1);
});

it('makes it at the next call when it could not be made', async () => {
  let tries = 0;
  const get = once(async () => {
    if (++tries === 1) throw new Error('the secret is empty');
    return 'made';
  });
  await expect(get()).rejects.toThrow('empty');
  expect(await get()).toBe('made');
  expect(await get()).toBe('made');
  expect(tries).toBe(2);
});
