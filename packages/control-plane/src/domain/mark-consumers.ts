import { type ConsumptionEntry, type EnverEntry, inputVersion } from '@ondemandenv/contracts-base';
import type { StoredValue } from '../ports/index.js';
import { requestApproval } from './approvals.js';
import { productName, withRoots } from './causes.js';
import type { Context } from './context.js';
import { inPhase } from './record-writes.js';
import type { EnverRecord, RootId } from './records.js';
import { consumersOf, saveAll } from './wake.js';

/**
 * Marks every consumer that has to follow what this enver has changed: as pending for these roots, as waiting for an
 * approval, or as to be looked at because of an alarm. It must come before the enver stops counting as running: only so can nobody downstream miss that the
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
  const consumers = (await consumersOf(context, newest.keys())).filter((id) => id !== entry.id);
  const marked = new Set<string>();
  await saveAll(context.ports.records, consumers, async (record) => {
    const own = record.deleting === undefined && context.contracts.entry(record);
    if (!own || record.phase === 'retired') return record;
    let next = record;
    for (const use of own.consumes.filter((one) => isBehind(record, one, newest.get(one.path)))) {
      next = await markInput(context, next, use, newest.get(use.path), roots);
      // Also one that was marked before, by an attempt that got no further.
      marked.add(record.id);
    }
    return next;
  });
  return [...marked];
}

/** Whether it has to do something about the newest value of an input. */
function isBehind(
  record: EnverRecord,
  { path, onChange }: ConsumptionEntry,
  stored: StoredValue | undefined,
): boolean {
  if (!stored || onChange === 'ignore') return false;
  const version = inputVersion(stored.version, stored.value);
  if (onChange === 'alarm' && record.alarmed?.[path] === version) return false;
  return record.deployed?.vector.inputs[path] !== version;
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
  if (onChange === 'approve' && record.deployed?.vector.inputs[path] !== undefined)
    return requestApproval(context, record, path, version, roots);
  const now = context.ports.clock.now();
  const nextAt = Math.min(record.nextAt ?? now, now);
  // The alarm itself is raised when the enver is looked at, once.
  if (onChange === 'alarm') return { ...record, nextAt };
  const reason = `${productName(path)} changed`;
  const causes = roots.map((root) => ({ root, reason, at: now }));
  const pending = withRoots(record.pending, causes);
  const next = { ...record, pending, nextAt };
  return record.run ? next : inPhase(next, 'waiting', reason, now);
}
