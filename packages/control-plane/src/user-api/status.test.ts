import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { expect, it } from 'vitest';
import { keyValuePorts } from '../adapters/key-value/index.js';
import { MemoryKeyValue } from '../adapters/memory/index.js';
import { newRecord } from '../domain/record-writes.js';
import type { EnverRecord } from '../domain/records.js';
import { detailedEnver, platformStatus, type StatusSources } from './status.js';

const NOW = 1_000_000;
const entry = enverEntry({
  consumes: [
    {
      id: 'menu',
      from: 'foundation/b..main',
      path: '/odmd-share/foundation/b..main/menu',
      kind: 'value',
      schema: { type: 'string' },
      onChange: 'approve',
      approvers: [{ account: 'workspace1', role: 'Release' }],
    },
  ],
});
const { nextAt: _, ...CALM } = newRecord(entry, {
  incarnation: '1',
  contracts: 'c',
  reason: 'made',
  now: NOW - 1,
});

function sources(...envers: EnverRecord[]): StatusSources {
  const clock = { now: () => NOW };
  const { config, records } = keyValuePorts(new MemoryKeyValue(), clock);
  const controlPlane = {
    envers: async () => envers,
    entry: async () => entry,
    manifest: async () => undefined,
  };
  const contractApprovers = [{ account: 'workspace1', role: 'Architect' }];
  return { clock, config, records, controlPlane, contractApprovers };
}

async function isBusy(changes: Partial<EnverRecord>): Promise<boolean | undefined> {
  const { busy, envers } = await platformStatus(sources({ ...CALM, ...changes }), false);
  expect(envers[0]?.busy).toBe(busy);
  return busy;
}

const run = { dispatchId: 'd' } as NonNullable<EnverRecord['run']>;
const gate = { for: ['a/b..main'], since: 1 };
const condition = { type: 'WaitingForWorkflow', message: 'merge it', since: 1 } as const;

it.each([
  ['runs', { phase: 'running', run }],
  ['goes', { phase: 'deleting', deleting: 'asked' }],
  ['is about to be looked at', { nextAt: NOW }],
  ['is behind others that go on', { phase: 'waiting', gate, waitsFor: gate.for, nextAt: NOW + 1 }],
  ['waits for the platform itself', { phase: 'waiting', nextAt: NOW + 1 }],
] as const)('goes on by itself while it %s', async (_, changes) => {
  expect(await isBusy(changes)).toBe(true);
});

it.each([
  ['is deployed, and looked at later', { phase: 'deployed', nextAt: NOW + 1 }],
  ['failed', { phase: 'failed' }],
  ['waits for an input', { phase: 'waiting', waitsFor: ['a/b..main'], nextAt: NOW + 1 }],
  ['waits for a person', { phase: 'waiting', conditions: [condition], nextAt: NOW + 1 }],
] as const)('does not go on by itself when it %s', async (_, changes) => {
  expect(await isBusy(changes)).toBe(false);
});

it('is busy with work that no record shows yet', async () => {
  expect(await platformStatus(sources(), true)).toMatchObject({ busy: true, envers: [], contracts: null });
});

it('names who has to approve what, also new contracts', async () => {
  const asked = { version: '1#a', state: 'requested', roots: [], at: 1 } as const;
  const [use] = entry.consumes;
  const own = `/odmd-share/${entry.id}/contractsLibLatest`;
  const record = { ...CALM, approvals: { [use?.path ?? '']: asked, [own]: asked } };
  const { approvals, history, products } = await detailedEnver(sources(record), record);
  expect(approvals.map(({ path, approvers }) => [path, approvers])).toEqual([
    [use?.path, ['workspace1/Release']],
    [own, ['workspace1/Architect']],
  ]);
  expect({ history, products }).toEqual({ history: CALM.history, products: [] });
});
