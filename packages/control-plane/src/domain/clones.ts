import type { Context } from './context.js';
import { inPhase, save } from './record-writes.js';
import type { EnverRecord } from './records.js';
import { enqueueWritten, retryOnConflict } from './wake.js';

/** Asks a clone to go. Only clones are ever deleted; what it made goes first, its record last. */
export async function requestDelete(context: Context, id: string, reason: string): Promise<void> {
  const { ports } = context;
  await retryOnConflict(async () => {
    const record = await ports.records.get('enver', id);
    if (!record?.clone || record.deleting !== undefined) return;
    const saved = await save(ports.records, record, asDeleting(record, reason, ports.clock.now()));
    await enqueueWritten(context, [saved], 'delete');
  });
}

/** The record of a clone that has been asked to go. */
export function asDeleting(record: EnverRecord, reason: string, now: number): EnverRecord {
  return inPhase({ ...record, deleting: reason, pending: [], nextAt: now }, 'deleting', reason, now);
}
