import { type ConsumptionEntry, type EnverEntry, inputVersion } from '@ondemandenv/contracts-base';
import type { StoredValue } from '../ports/index.js';
import { requestApproval } from './approvals.js';
import { productName, withRoots } from './causes.js';
import type { Context } from './context.js';
import { inPhase, save } from './record-writes.js';
import type { EnverRecord, RootId } from './records.js';
import { consumersOf, retryOnConflict } from './wake.js';

/**
 * Marks every consumer that has to follow what this enver has changed: as pending for these roots, or as waiting for
 * an approval. It must come before the enver stops counting as running: only so can nobody downstream miss that the
 * rollout goes on.
 *
 * @returns the ids of the marked consumers
 */
export async function markConsumers(
  context: Context,
  entry: EnverEntry,
  roots: readonly RootId[],
): Promise<string[]> {
  const newest = await context.ports.config.getMany(entry.products.map(({ path }) => path));
  const marked: string[] = [];
  for (const id of await consumersOf(context, newest.keys()))
    if (id !== entry.id && (await markIfChanged(context, id, newest, roots))) marked.push(id);
  return marked;
}

async function markIfChanged(
  context: Context,
  id: string,
  newest: ReadonlyMap<string, StoredValue>,
  roots: readonly RootId[],
): Promise<boolean> {
  const { ports } = context;
  return retryOnConflict(async () => {
    const record = await ports.records.get('enver', id);
    const entry = record && record.deleting === undefined && context.contracts.entry(record);
    if (!record || !entry || record.phase === 'retired') return false;
    let next = record;
    for (const use of entry.consumes) next = await markInput(context, next, use, newest.get(use.path), roots);
    return (await save(ports.records, record, next)) !== record;
  });
}

async function markInput(
  context: Context,
  record: EnverRecord,
  { path, onChange }: ConsumptionEntry,
  stored: StoredValue | undefined,
  roots: readonly RootId[],
): Promise<EnverRecord> {
  if (!stored) return record;
  const version = inputVersion(stored.version, stored.value);
  const deployed = record.deployed?.vector.inputs[path];
  if (deployed === version) return record;
  if (onChange === 'approve' && deployed !== undefined)
    return requestApproval(context, record, path, version, roots);
  if (onChange !== 'deploy' && onChange !== 'approve') return record;
  const now = context.ports.clock.now();
  const reason = `${productName(path)} changed`;
  const causes = roots.map((root) => ({ root, reason, at: now }));
  const pending = withRoots(record.pending, causes);
  const next = { ...record, pending, nextAt: Math.min(record.nextAt ?? now, now) };
  return record.run ? next : inPhase(next, 'waiting', reason, now);
}
