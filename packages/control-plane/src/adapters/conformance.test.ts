import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RevisionRef } from '@ondemandenv/contracts-base';
import { afterAll, describe, expect, it } from 'vitest';
import {
  configStoreConformance,
  eventBusConformance,
  manifestStoreConformance,
  notifierConformance,
  recordStoreConformance,
  sourceHostConformance,
  stackProvisionerConformance,
  workQueueConformance,
} from '../conformance/index.js';
import { World } from '../testing/world.js';
import { LmdbKeyValue } from './embedded/index.js';
import { type KeyValue, keyValuePorts } from './key-value/index.js';
import {
  ManualClock,
  MemoryKeyValue,
  MemoryNotifier,
  MemoryProvisioner,
  MemorySourceHost,
} from './memory/index.js';

const root = await mkdtemp(join(tmpdir(), 'odmd-conformance-'));
const opened: KeyValue[] = [];
let folders = 0;

afterAll(async () => {
  for (const kv of opened) await kv.close();
  await rm(root, { recursive: true, force: true });
});

const stores: [string, () => KeyValue][] = [
  ['memory', () => new MemoryKeyValue()],
  ['embedded', () => new LmdbKeyValue(join(root, String(++folders)))],
];

for (const [name, open] of stores) {
  const make = (clock = new ManualClock(1_000)) => {
    const kv = open();
    opened.push(kv);
    return keyValuePorts(kv, clock);
  };
  configStoreConformance(name, async () => make().config);
  manifestStoreConformance(name, async () => make().manifests);
  eventBusConformance(name, async () => {
    const { events } = make();
    return { bus: events, received: async () => events.since(0) };
  });
  recordStoreConformance(name, async () => make().records);
  workQueueConformance(name, async () => {
    const clock = new ManualClock(1_000);
    return { queue: make(clock).queue, advance: (ms) => clock.advance(ms) };
  });

  describe(`KeyValue: ${name}`, () => {
    it('undoes a transaction that throws', () => {
      const kv = open();
      opened.push(kv);
      kv.set('a', 1);
      expect(() =>
        kv.transaction(() => {
          kv.set('a', 2);
          kv.set('b', 2);
          throw new Error('no');
        }),
      ).toThrow('no');
      expect([kv.get('a'), kv.get('b')]).toEqual([1, undefined]);
    });
  });
}

describe('KeyValue: embedded', () => {
  it('is still there when the folder is opened again', async () => {
    const folder = join(root, 'again');
    const first = new LmdbKeyValue(folder);
    first.set('a', { b: ['功能'] });
    await first.close();
    const second = new LmdbKeyValue(folder);
    opened.push(second);
    expect(second.get('a')).toEqual({ b: ['功能'] });
  });
});

notifierConformance('memory', async () => {
  const notifier = new MemoryNotifier();
  const texts = async () => [
    ...[...notifier.answers, ...notifier.alarms].map(({ message }) => message),
    ...[...notifier.reports.values()].map((report) => JSON.stringify(report)),
  ];
  return { notifier, texts };
});

stackProvisionerConformance('memory', async () => {
  const stacks = new MemoryProvisioner();
  const entry = await (await World.deployed()).plane.entry('web/b..main');
  if (!entry) throw new Error('the test has no entry');
  return { stacks, entry, provisioned: async (id) => stacks.provisioned.has(id) };
});

sourceHostConformance('memory', async () => {
  const host = new MemorySourceHost();
  const repo = 'o/r';
  return {
    host,
    repo,
    push: async (revision: RevisionRef, change) => host.push(repo, revision, change),
    deleteRef: async (revision: RevisionRef) => host.deleteRef(repo, revision),
    openPullRequest: async (branch: string) => {
      const pull = { number: 1, branch };
      host.pulls.set(repo, [pull]);
      return { number: 1, close: async () => void host.pulls.set(repo, [{ ...pull, closedAt: 5 }]) };
    },
  };
});
