import { describe, expect, it } from 'vitest';
import type { Work, WorkQueue } from '../ports/index.js';

export interface WorkQueueBench {
  readonly queue: WorkQueue;
  /** Lets time pass, or waits until it has. */
  advance(ms: number): void | Promise<void>;
  /** Time really passes: what takes minutes is not waited for. */
  readonly realTime?: true;
}

/** What every `WorkQueue` must do. `make` gives an empty one and a way to let time pass. */
export function workQueueConformance(name: string, make: () => Promise<WorkQueueBench>): void {
  const a: Work = { kind: 'enver', id: 'a/b..main' };
  const b: Work = { kind: 'enver', id: 'b/b..main' };
  const ref: Work = { kind: 'ref', repo: 'o/r', ref: 'refs/heads/$(id)' };

  describe(`WorkQueue: ${name}`, () => {
    it('delivers what was sent, and nothing after it is done', async () => {
      const { queue } = await make();
      for (const work of [a, ref, { kind: 'sync' } as const]) await queue.send(work, '1');
      const deliveries = await queue.receive(10);
      expect(deliveries.map(({ work }) => work)).toEqual([a, ref, { kind: 'sync' }]);
      expect(deliveries.every(({ attempt }) => attempt === 1)).toBe(true);
      for (const delivery of deliveries) await queue.done(delivery);
      expect(await queue.receive(10)).toEqual([]);
    });

    it('delivers one message of a group at a time, in order, and other groups meanwhile', async () => {
      const { queue } = await make();
      await queue.send(a, '1');
      await queue.send(a, '2');
      await queue.send(b, '1');
      const first = await queue.receive(10);
      expect(first.map(({ work }) => work)).toEqual([a, b]);
      expect(await queue.receive(10)).toEqual([]);
      for (const delivery of first) await queue.done(delivery);
      expect((await queue.receive(10)).map(({ work }) => work)).toEqual([a]);
    });

    it('takes many at once', async () => {
      const { queue } = await make();
      const works = Array.from({ length: 12 }, (_, n): Work => ({ kind: 'enver', id: `e${n}/b..main` }));
      await queue.sendMany(works.map((work) => ({ work, cause: '1' })));
      await queue.sendMany(works.map((work) => ({ work, cause: '1' })));
      const received: Work[] = [];
      for (let more = await queue.receive(10); more.length > 0; more = await queue.receive(10))
        received.push(...more.map(({ work }) => work));
      expect(received).toHaveLength(12);
      expect(received).toEqual(expect.arrayContaining(works));
    });

    it('gives at most as many as asked', async () => {
      const { queue } = await make();
      await queue.send(a, '1');
      await queue.send(b, '1');
      expect(await queue.receive(1)).toHaveLength(1);
      expect(await queue.receive(1)).toHaveLength(1);
    });

    it('takes the same cause once within five minutes, other causes always', async () => {
      const { queue, advance, realTime } = await make();
      await queue.send(a, 'same');
      const [delivery] = await queue.receive(1);
      if (delivery) await queue.done(delivery);
      await queue.send(a, 'same');
      expect(await queue.receive(1)).toEqual([]);
      await queue.send(b, 'same');
      expect(await queue.receive(1)).toHaveLength(1);
      if (realTime) return;
      await advance(5 * 60_000);
      await queue.send(a, 'same');
      expect((await queue.receive(1)).map(({ work }) => work)).toEqual([a]);
    });

    it('delivers again what was returned, after the delay and before later messages of the group', async () => {
      const { queue, advance } = await make();
      await queue.send(a, '1');
      await queue.send(a, '2');
      const [first] = await queue.receive(1);
      if (!first) throw new Error('nothing was delivered');
      await queue.retry(first, 1_000);
      expect(await queue.receive(10)).toEqual([]);
      await advance(1_000);
      const [again] = await queue.receive(10);
      expect(again).toMatchObject({ work: a, attempt: 2 });
    });
  });
}
