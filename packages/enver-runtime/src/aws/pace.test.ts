import { expect, it } from 'vitest';
import { Pace, type Waiting } from './pace.js';

class TestTime implements Waiting {
  ms = 1000;
  now = () => this.ms;
  sleep = async (ms: number) => {
    this.ms += ms;
  };
}

it('lets one go at once, and the next ones when their time comes', async () => {
  const time = new TestTime();
  const pace = new Pace(4, time);
  const turns: number[] = [];
  for (let count = 0; count < 3; count++) {
    await pace.turn();
    turns.push(time.ms);
  }
  expect(turns).toEqual([1000, 1250, 1500]);
  time.ms = 9000;
  await pace.turn();
  expect(time.ms).toBe(9000);
});

it('keeps the distance between those who come at the same time', async () => {
  const waits: number[] = [];
  const pace = new Pace(2, { now: () => 0, sleep: async (ms) => void waits.push(ms) });
  await Promise.all([pace.turn(), pace.turn(), pace.turn()]);
  expect(waits).toEqual([500, 1000]);
});
