import { canonicalJson } from '@ondemandenv/contracts-base';
import { ConflictError, type Hint, type Ports, type RecordStore } from '../ports/index.js';
import type { Context } from './context.js';
import { update } from './record-writes.js';
import type { EnverRecord } from './records.js';

const ATTEMPTS = 5;

/** A world of which only these ports are needed. */
interface With<P extends keyof Ports> {
  readonly ports: Pick<Ports, P>;
}

/** Enqueues envers; `cause` has to be unique for what happened. */
export async function enqueueEnvers(
  { ports }: With<'queue'>,
  ids: Iterable<string>,
  cause: string,
): Promise<void> {
  const hints = [...new Set(ids)].map((id): Hint => ({ work: { kind: 'enver', id }, cause }));
  if (hints.length > 0) await ports.queue.sendMany(hints);
}

/** Enqueues envers because their records were written; the record's version makes the cause unique. */
export async function enqueueWritten(
  { ports }: Context,
  records: Iterable<EnverRecord>,
  what: string,
): Promise<void> {
  const hints = [...records].map(
    ({ id, incarnation, version }): Hint => ({
      work: { kind: 'enver', id },
      cause: `${what} ${incarnation}/${version}`,
    }),
  );
  if (hints.length > 0) await ports.queue.sendMany(hints);
}

/** Enqueues those who wait for an enver or are blocked by it. */
export async function wakeWaiters(context: Context, record: EnverRecord, what: string): Promise<void> {
  const waiters = await context.ports.records.find('waiters', record.id);
  await enqueueEnvers(context, waiters, `${what} ${record.id}@${record.incarnation}/${record.version}`);
}

/** The records that exist of these envers. */
export async function recordsOf({ ports }: With<'records'>, ids: Iterable<string>): Promise<EnverRecord[]> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return [];
  return [...(await ports.records.getMany('enver', wanted)).values()];
}

/** The envers that consume any of these product paths. */
export async function consumersOf({ ports }: With<'records'>, paths: Iterable<string>): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) for (const id of await ports.records.find('consumers', path)) found.add(id);
  return [...found];
}

/**
 * Envers so ordered that each comes after those upstream of it. Marking in this order lets nobody see itself marked
 * for a change and an upstream of the same change not yet.
 */
export async function dependenciesFirst(context: Context, ids: readonly string[]): Promise<string[]> {
  const records = ids.length > 1 ? await recordsOf(context, ids) : [];
  const depths = new Map(records.map((record) => [record.id, context.contracts.upstream(record).length]));
  return [...ids].sort((a, b) => (depths.get(a) ?? 0) - (depths.get(b) ?? 0));
}

/** DynamoDB writes at most a hundred records at once. */
const BATCH = 100;

/**
 * Changes several records at once, so that nobody sees some changed and others not yet (up to a hundred, and then
 * batch by batch in the given order).
 *
 * @returns those that were changed, as written
 */
export async function saveAll(
  records: RecordStore,
  ids: readonly string[],
  change: (record: EnverRecord) => Promise<EnverRecord>,
): Promise<EnverRecord[]> {
  const written: EnverRecord[] = [];
  for (let from = 0; from < ids.length; from += BATCH)
    await retryOnConflict(async () => {
      const changed: EnverRecord[] = [];
      const batch = await records.getMany('enver', ids.slice(from, from + BATCH));
      for (const id of ids.slice(from, from + BATCH)) {
        const record = batch.get(id);
        const next = record && (await change(record));
        if (next && canonicalJson(next) !== canonicalJson(record)) changed.push(next);
      }
      if (changed.length > 0) await records.transact(changed.map(update));
      written.push(...changed.map((record) => ({ ...record, version: record.version + 1 })));
    });
  return written;
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
