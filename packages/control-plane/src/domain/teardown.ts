import {
  deployedStatePath,
  dispatchStatePath,
  OdmdError,
  parseRefKey,
  producerOf,
  productPrefix,
} from '@ondemandenv/contracts-base';
import { leaveSet } from './clones.js';
import type { Context } from './context.js';
import { lastEntry } from './contracts-in-force.js';
import { inPhase, save, withMade, without } from './record-writes.js';
import type { EnverRecord } from './records.js';
import { deployedState, endOfRun, startRun } from './runs.js';
import { consumersOf, enqueueWritten, recordsOf, wakeWaiters } from './wake.js';

/** How long after a failed teardown it is tried again, and how often a waiting one looks again. */
const RETRY_MS = 60_000;

/**
 * Removes a clone step by step: the live run ends, its consumers go first, then what its deployments made, its
 * values, its roles, and its record with its place in the limit of clones.
 */
export async function teardown(context: Context, record: EnverRecord): Promise<void> {
  const { ports, contracts } = context;
  const entry = contracts.entry(record) ?? (await lastEntry(ports.manifests, record));
  if (!entry) throw contractsGone(record);
  if (record.run) {
    const ended = await endOfRun(context, record, entry, record.run);
    if (!ended) return;
    const after = without(record, 'run');
    if (record.run.purpose === 'deploy') return again(context, record, withMade(after, record.run), 0);
    if (ended.conclusion === 'superseded') return again(context, record, after, 0);
    if (ended.conclusion === 'success') return again(context, record, { ...after, destroyed: true }, 0);
    return again(context, record, after, RETRY_MS, `its teardown failed and is tried again: ${ended.reason}`);
  }
  const values = await ports.config.list(productPrefix(record.id));
  // A value that somebody removed by hand is used all the same.
  const products = new Set([...values, ...entry.products.map(({ path }) => path)]);
  const users = await usersOf(context, record, products);
  // Also when nobody uses it: contracts that come later must not wire anybody to what is gone.
  await leaveSet(context, record);
  if (users.length > 0) {
    const waiting = { ...record, waitsFor: users };
    return again(
      context,
      record,
      waiting,
      RETRY_MS,
      `after ${users.join(', ')}, which still uses its products`,
    );
  }
  // Somebody may use them without being found yet.
  const found = (record.deletingSince ?? 0) + ports.records.lagMs - ports.clock.now();
  if (found > 0) return again(context, record, record, found, 'looking for who still uses its products');
  // Its record may be newer than what it made: records can be lost.
  const vector = record.deployed?.vector ?? record.begun ?? (await deployedState(context, record.id))?.vector;
  if (vector && entry.commands.destroy.length > 0 && !record.destroyed) {
    const roles = await ports.stacks.ensure(entry, 'destroy');
    if (roles !== 'ready') {
      const why =
        roles === 'working'
          ? 'its roles are being handed to its teardown'
          : `its roles cannot be handed to its teardown: ${roles.failed}`;
      return again(context, record, record, RETRY_MS, why);
    }
    const plan = {
      purpose: 'destroy',
      vector,
      roots: [],
      reason: record.deleting ?? '',
    } as const;
    await startRun(context, record, entry, plan);
    return;
  }
  await ports.manifests.withdrawEntry(record.id);
  await ports.config.deleteMany([...values, deployedStatePath(record.id), dispatchStatePath(record.id)]);
  if ((await ports.stacks.remove(entry)) === 'working')
    return again(context, record, record, RETRY_MS, 'its roles are being removed');
  await forget(context, record);
}

/** What it made cannot be found without the contract that it was made by. */
function contractsGone({ id, contracts }: EnverRecord): OdmdError {
  return new OdmdError('ODMD401', `the manifest of the contracts ${contracts} is gone`, {
    where: id,
    fix: 'put it back where it was (`odmd synth` at that commit writes it): what the enver made is found by it',
  });
}

/** Who still uses its products. Those that go too and whose products it uses itself do not wait for each other. */
async function usersOf(context: Context, record: EnverRecord, paths: Iterable<string>): Promise<string[]> {
  const users = (await consumersOf(context, paths)).filter((id) => id !== record.id);
  if (users.length === 0) return [];
  const together = await goingUpstream(context, record);
  return (await recordsOf(context, users)).map(({ id }) => id).filter((id) => !together.has(id));
}

/** The envers upstream that go too, as their records have it: the contracts may have forgotten them. */
async function goingUpstream(context: Context, record: EnverRecord): Promise<ReadonlySet<string>> {
  const going = new Set<string>();
  const todo = [record];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const producers = [...new Set(next.consumes.map(producerOf))].filter((id) => !going.has(id));
    for (const producer of await recordsOf(context, producers)) {
      if (producer.deleting === undefined) continue;
      going.add(producer.id);
      todo.push(producer);
    }
  }
  return going;
}

/** The last write: the record and its place in the limit go together. */
async function forget(context: Context, record: EnverRecord): Promise<void> {
  const { ports } = context;
  const base = record.clone?.base;
  const counter = base === undefined ? undefined : await ports.records.get('clones', base);
  await ports.records.transact([
    { remove: record, expect: record.version },
    ...(counter
      ? [
          {
            put: { ...counter, version: counter.version + 1, count: counter.count - 1 },
            expect: counter.version,
          },
        ]
      : []),
  ]);
  const gone = `${record.id}@${record.incarnation} is gone`;
  if (base === undefined) {
    // Contracts that have it again make it anew.
    await ports.queue.send({ kind: 'sync' }, gone);
  } else {
    await ports.events.publish([
      { type: 'CloneDeleted', detail: { enver: record.id, base, ref: record.revision.ref } },
    ]);
    for (const id of await ports.records.find('slot', base))
      await ports.queue.send({ kind: 'ref', ...parseRefKey(id) }, gone);
  }
  await wakeWaiters(context, record, 'deleted');
}

async function again(
  context: Context,
  read: EnverRecord,
  record: EnverRecord,
  afterMs: number,
  reason = record.reason,
): Promise<void> {
  const { ports } = context;
  const now = ports.clock.now();
  const due = (record.nextAt ?? 0) > now && record.reason === reason ? record.nextAt : now + afterMs;
  const next = { ...record, nextAt: due ?? now };
  const saved = await save(ports.records, read, inPhase(next, 'deleting', reason, now));
  if (saved.version === read.version) return;
  if (afterMs === 0 || saved.waitsFor.join() !== read.waitsFor.join())
    await enqueueWritten(context, [saved], 'teardown');
}
