import { type EnverEntry, inputVersion } from '@ondemandenv/contracts-base';
import { ConflictError } from '../ports/index.js';
import { productName, withRoots } from './causes.js';
import type { Context, Platform } from './context.js';
import { inPhase, save } from './record-writes.js';
import type { EnverRecord, RootId } from './records.js';

const ATTEMPTS = 5;

/** Enqueues envers; `cause` has to be unique for what happened. */
export async function enqueueEnvers(
  { ports }: Platform,
  ids: Iterable<string>,
  cause: string,
): Promise<void> {
  for (const id of new Set(ids)) await ports.queue.send({ kind: 'enver', id }, cause);
}

/** Enqueues envers because their records were written; the record's version makes the cause unique. */
export async function enqueueWritten(
  { ports }: Context,
  records: Iterable<EnverRecord>,
  what: string,
): Promise<void> {
  for (const { id, incarnation, version } of records)
    await ports.queue.send({ kind: 'enver', id }, `${what} ${incarnation}/${version}`);
}

/** Enqueues those who wait for an enver or are blocked by it. */
export async function wakeWaiters(context: Context, record: EnverRecord, what: string): Promise<void> {
  const waiters = await context.ports.records.find('waiters', record.id);
  await enqueueEnvers(context, waiters, `${what} ${record.id}@${record.incarnation}/${record.version}`);
}

/** The records that exist of these envers. */
export async function recordsOf({ ports }: Context, ids: Iterable<string>): Promise<EnverRecord[]> {
  const records = await Promise.all([...ids].map((id) => ports.records.get('enver', id)));
  return records.filter((record) => record !== undefined);
}

/** The envers that consume any of these product paths. */
export async function consumersOf({ ports }: Context, paths: Iterable<string>): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) for (const id of await ports.records.find('consumers', path)) found.add(id);
  return [...found];
}

/**
 * Envers so ordered that each comes after those upstream of it. Marking in this order lets nobody see itself marked
 * for a change and an upstream of the same change not yet.
 */
export async function dependenciesFirst(context: Context, ids: readonly string[]): Promise<string[]> {
  const depths = new Map<string, number>();
  for (const id of ids) {
    const record = await context.ports.records.get('enver', id);
    depths.set(id, record ? context.contracts.upstream(record).length : 0);
  }
  return [...ids].sort((a, b) => (depths.get(a) ?? 0) - (depths.get(b) ?? 0));
}

/**
 * Marks every consumer whose `deploy` input this enver has changed as pending for these roots. It must come before
 * the enver stops counting as running: only so can nobody downstream miss that the rollout goes on.
 *
 * @returns the ids of the marked consumers
 */
export async function markConsumers(
  context: Context,
  entry: EnverEntry,
  roots: readonly RootId[],
): Promise<string[]> {
  const newest = await context.ports.config.getMany(entry.products.map(({ path }) => path));
  const consumers = await consumersOf(context, newest.keys());
  const marked: string[] = [];
  for (const id of consumers)
    if (id !== entry.id && (await markIfChanged(context, id, newest, roots))) marked.push(id);
  return marked;
}

async function markIfChanged(
  context: Context,
  id: string,
  newest: ReadonlyMap<string, { version: number; value: string }>,
  roots: readonly RootId[],
): Promise<boolean> {
  const { contracts, ports } = context;
  return retryOnConflict(async () => {
    const record = await ports.records.get('enver', id);
    const entry = record && !record.deleting && contracts.entry(record);
    if (!record || !entry || record.phase === 'retired') return false;
    const changed = entry.consumes.find((use) => {
      const stored = use.onChange === 'deploy' ? newest.get(use.path) : undefined;
      const deployed = record.deployed?.vector.inputs[use.path];
      return stored !== undefined && deployed !== inputVersion(stored.version, stored.value);
    });
    if (!changed) return false;
    const now = ports.clock.now();
    const reason = `${productName(changed.path)} changed`;
    const pending = withRoots(
      record.pending,
      roots.map((root) => ({ root, reason, at: now })),
    );
    const next = { ...record, pending, nextAt: Math.min(record.nextAt ?? now, now) };
    await save(ports.records, record, record.run ? next : inPhase(next, 'waiting', reason, now));
    return true;
  });
}

/** Runs a read-decide-write step again when somebody else wrote in between. */
export async function retryOnConflict<T>(step: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt === ATTEMPTS) throw error;
    }
  }
}
