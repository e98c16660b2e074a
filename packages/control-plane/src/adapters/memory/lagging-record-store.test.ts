import { expect, it } from 'vitest';
import type { EnverRecord } from '../../domain/records.js';
import { KeyValueRecordStore } from '../key-value/record-store.js';
import { LaggingRecordStore } from './lagging-record-store.js';
import { MemoryKeyValue } from './memory-key-value.js';
import { ManualClock } from './memory-ports.js';

const MAX_LAG_MS = 1_000;

const enver = (id: string): EnverRecord => ({
  kind: 'enver',
  id,
  version: 1,
  build: 'b',
  repo: 'o/r',
  revision: { kind: 'branch', ref: 'main' },
  incarnation: 'test',
  phase: 'idle',
  reason: 'new',
  entryDigest: '',
  contracts: '',
  consumes: ['/odmd-share/p/b..main/out'],
  waitsFor: [],
  pending: [],
  runs: 0,
  nextAt: 0,
  history: [],
});

function lagging() {
  const state = { lags: true };
  const clock = new ManualClock(5_000);
  const inner = new KeyValueRecordStore(new MemoryKeyValue());
  const records = new LaggingRecordStore(inner, clock, MAX_LAG_MS, () => state.lags);
  const consumers = () => records.find('consumers', '/odmd-share/p/b..main/out');
  return { state, clock, records, consumers };
}

it('reads a record at once, and misses it in indexes and scans while they lag', async () => {
  const { records, consumers } = lagging();
  await records.transact([{ put: enver('a'), expect: 0 }]);
  expect(await records.get('enver', 'a')).toBeDefined();
  expect(await consumers()).toEqual([]);
  expect(await records.due(10_000, 10)).toEqual([]);
  for await (const record of records.all('enver')) expect.fail(`${record.id} is there already`);
});

it('lags no longer than it may, and goes forward only', async () => {
  const { records, clock, state, consumers } = lagging();
  await records.transact([{ put: enver('a'), expect: 0 }]);
  clock.advance(MAX_LAG_MS);
  expect(await consumers()).toEqual(['a']);
  await records.transact([{ put: enver('b'), expect: 0 }]);
  expect(await consumers()).toEqual(['a']);
  state.lags = false;
  expect(await consumers()).toEqual(['a', 'b']);
  state.lags = true;
  expect(await consumers()).toEqual(['a', 'b']);
});

it('keeps nothing of a write that is refused', async () => {
  const { records, state, consumers } = lagging();
  state.lags = false;
  await expect(records.transact([{ put: enver('a'), expect: 3 }])).rejects.toThrow('is at version 0');
  expect(await consumers()).toEqual([]);
});
