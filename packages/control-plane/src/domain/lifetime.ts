import { OdmdError } from '@ondemandenv/contracts-base';
import { nextExpiry } from './approvals.js';
import { requestDelete } from './clones.js';
import { withoutConditions } from './conditions.js';
import type { Context } from './context.js';
import { lastEntry } from './contracts-in-force.js';
import { DECIDED } from './hold.js';
import { inPhase, save, withMade, without } from './record-writes.js';
import type { EnverRecord, LiveRun } from './records.js';
import { wasDeployed } from './runs.js';
import { wakeWaiters } from './wake.js';

/** The contracts no longer have it: what is ephemeral goes, any other is kept until somebody confirms. */
export async function leaveContracts(context: Context, record: EnverRecord): Promise<void> {
  const { ports } = context;
  const last = record.clone ? undefined : await lastEntry(ports.manifests, record);
  if (record.clone || last?.ephemeral)
    return requestDelete(context, record.id, `${record.clone?.base ?? 'it'} left the contracts`);
  const read = await ports.records.get('enver', record.id);
  if (!read) return;
  const made = read.run ? await withOutcome(context, read, read.run) : read;
  const bare = withoutConditions(
    without(made, 'run', 'nextAt', 'forced', 'gate', 'pacedUntil', 'untraced'),
    ...DECIDED,
  );
  // What was never deployed uses nothing, and keeps nobody from going.
  const consumes = Object.keys(made.deployed?.vector.inputs ?? {}).sort();
  const next = { ...bare, pending: [], waitsFor: [], consumes };
  const reason = 'no longer in the contracts; what it deployed keeps running until somebody retires it';
  const saved = await save(ports.records, read, inPhase(next, 'retired', reason, ports.clock.now()));
  await wakeWaiters(context, saved, 'retired');
}

/** What became of the run that was live when the contracts let go of it. */
async function withOutcome(context: Context, record: EnverRecord, run: LiveRun): Promise<EnverRecord> {
  if (await wasDeployed(context, record, run)) return withMade(without(record, 'failed'), run);
  const { dispatchId, vector, place, roots } = run;
  const reason = 'it left the contracts before its job was done';
  return { ...record, failed: { dispatchId, vector, place, roots, reason, at: context.ports.clock.now() } };
}

/** Somebody confirms that an enver which left the contracts may go. @throws OdmdError ODMD410 it has not left them */
export async function retire(context: Context, id: string, by: string): Promise<void> {
  const record = await context.ports.records.get('enver', id);
  if (record?.phase !== 'retired')
    throw new OdmdError('ODMD410', `${id} is no enver that has left the contracts`, {
      fix: 'take it out of the contracts first; a clone goes with `odmd: delete` on its branch',
    });
  await requestDelete(context, id, `its retirement was confirmed by ${by}`);
}

/** Whether its time is over; it is asked to go then. */
export async function expired(context: Context, record: EnverRecord): Promise<boolean> {
  const at = expiresAt(record);
  if (at === undefined || context.ports.clock.now() < at) return false;
  await requestDelete(context, record.id, 'it expired');
  return true;
}

/** When a clone goes if nothing is pushed before. */
export function expiresAt({ clone, source }: EnverRecord): number | undefined {
  const after = clone?.expiresAfterMs;
  return after === undefined || !source ? undefined : source.at + after;
}

/** When a deployed enver has to be looked at although nothing happens. */
export function nextLook(record: EnverRecord): { nextAt?: number } {
  const times = [expiresAt(record), nextExpiry(record)].filter((at) => at !== undefined);
  return times.length === 0 ? {} : { nextAt: Math.min(...times) };
}
