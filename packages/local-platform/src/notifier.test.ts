import { notifierConformance } from '@ondemandenv/control-plane/conformance';
import { MemoryKeyValue } from '@ondemandenv/control-plane/memory';
import { expect, test } from 'vitest';
import { LocalNotifier } from './notifier.js';

const to = { repo: 'o/shop', ref: 'refs/heads/main', sha: 'a' };

notifierConformance('local', async () => {
  const lines: string[] = [];
  const notifier = new LocalNotifier(new MemoryKeyValue(), { now: () => 0 }, (line) => lines.push(line));
  const texts = async () => [...lines, ...notifier.since(0).map(({ message }) => message)];
  return { notifier, texts, withoutReports: true };
});

test('gives the answers after a position, also after a restart', async () => {
  const kv = new MemoryKeyValue();
  const first = new LocalNotifier(kv, { now: () => 7 }, () => {});
  await first.answer(to, { level: 'info', message: 'one' });
  const position = first.position();
  await first.answer(to, { level: 'error', message: 'two' });
  const again = new LocalNotifier(kv, { now: () => 8 }, () => {});
  expect(again.since(position)).toEqual([{ ...to, level: 'error', message: 'two', seq: 2, at: 7 }]);
  expect(again.since(again.position())).toEqual([]);
});

test('keeps the newest 500', async () => {
  const kv = new MemoryKeyValue();
  const notifier = new LocalNotifier(kv, { now: () => 0 }, () => {});
  for (let n = 1; n <= 503; n++) await notifier.answer(to, { level: 'info', message: `${n}` });
  const kept = notifier.since(0);
  expect(kept).toHaveLength(500);
  expect(kept[0]?.message).toBe('4');
  expect(kv.range('local/answers/')).toHaveLength(500);
});
