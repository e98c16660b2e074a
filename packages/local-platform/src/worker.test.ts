import { ConflictError, keyValuePorts, ThrottledError, type Work } from '@ondemandenv/control-plane';
import { MemoryKeyValue } from '@ondemandenv/control-plane/memory';
import { afterEach, expect, test, vi } from 'vitest';
import { observed, Worker } from './worker.js';

const A: Work = { kind: 'enver', id: 'a/b..main' };
const B: Work = { kind: 'enver', id: 'b/b..main' };
/** Longer than any test: only a wake-up explains that work is done. */
const NEVER = 600_000;

let worker: Worker | undefined;
afterEach(() => worker?.stop());

function start(handle: (work: Work) => Promise<void>, options: { tickMs?: number; sweepMs?: number } = {}) {
  const store = keyValuePorts(new MemoryKeyValue(), { now: Date.now }).queue;
  const log: string[] = [];
  const counts = { tick: 0, sweep: 0 };
  const controlPlane = {
    handle,
    tick: async () => void counts.tick++,
    sweep: async () => void counts.sweep++,
  };
  const started = new Worker({
    queue: store,
    controlPlane,
    log: (line) => log.push(line),
    concurrency: 2,
    tickMs: NEVER,
    sweepMs: NEVER,
    ...options,
  });
  worker = started;
  started.start();
  const queue = observed(store, () => started.wake());
  return {
    queue,
    store,
    log,
    counts,
    worker: started,
    drained: () => vi.waitUntil(() => store.size() === 0),
  };
}

test('wakes up when something is sent, and sweeps at the start', async () => {
  const handled: Work[] = [];
  const { queue, drained, counts } = start(async (work) => void handled.push(work));
  await queue.send(A, 'one');
  await drained();
  await queue.send(B, 'two');
  await drained();
  expect(handled).toEqual([A, B]);
  expect(counts).toEqual({ tick: 1, sweep: 1 });
});

test('a failure is logged and tried again after a pause; others go on meanwhile', async () => {
  const handled: string[] = [];
  let failures = 2;
  const { queue, drained, log, worker } = start(
    async (work) => {
      if (work === A || (work.kind === 'enver' && work.id === 'a/b..main')) {
        if (failures-- > 0) throw new Error('no network');
        handled.push('a');
      } else handled.push('b');
    },
    { tickMs: 20 },
  );
  await queue.send(A, 'one');
  await vi.waitUntil(() => worker.trouble(A) === 'no network');
  await queue.send(B, 'two');
  await drained();
  expect(handled).toEqual(['b', 'a']);
  expect(worker.trouble(A)).toBeUndefined();
  expect(log).toHaveLength(2);
  expect(log[1]).toMatch(/^enver:a\/b\.\.main failed \(attempt 2\), next in 500 ms: Error: no network/);
});

test('whoever lost a race tries again at once and is no failure', async () => {
  let conflicts = 3;
  const { queue, drained, log } = start(async () => {
    if (conflicts-- > 0) throw new ConflictError('stale');
  });
  await queue.send(A, 'one');
  await drained();
  expect(log).toEqual([]);
});

test('whoever is asked for patience tries again after that time', async () => {
  let asked = 0;
  const { queue, drained, log } = start(
    async () => {
      if (asked++ === 0) throw new ThrottledError('too many requests', 30);
    },
    { tickMs: 20 },
  );
  await queue.send(A, 'one');
  await drained();
  expect(asked).toBe(2);
  expect(log).toEqual([expect.stringContaining('next in 30 ms')]);
});

test('handles groups side by side, one group in order, and stops when its work is done', async () => {
  const running = new Set<string>();
  let most = 0;
  let letGo: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const order: string[] = [];
  const { queue, worker, store } = start(async (work) => {
    const id = work.kind === 'enver' ? work.id : '';
    expect(running.has(id)).toBe(false);
    running.add(id);
    most = Math.max(most, running.size);
    await gate;
    order.push(id);
    running.delete(id);
  });
  for (const cause of ['1', '2']) for (const work of [A, B]) await queue.send(work, cause);
  await vi.waitUntil(() => most === 2);
  const stopped = worker.stop();
  letGo();
  await stopped;
  expect(order.sort()).toEqual([A.id, B.id]);
  expect(store.size()).toBe(2);
});

test('a failing tick or sweep is logged and does not end the loop', async () => {
  const log: string[] = [];
  let ticks = 0;
  const queue = keyValuePorts(new MemoryKeyValue(), { now: Date.now }).queue;
  const fail = async () => {
    ticks += 1;
    throw new Error('store is full');
  };
  const controlPlane = { handle: async () => {}, tick: fail, sweep: fail };
  worker = new Worker({ queue, controlPlane, log: (line) => log.push(line), tickMs: 5, sweepMs: NEVER });
  worker.start();
  await vi.waitUntil(() => ticks > 3);
  expect(log).toContainEqual(expect.stringMatching(/^the tick failed: Error: store is full/));
  expect(log).toContainEqual(expect.stringMatching(/^the sweep failed/));
});
