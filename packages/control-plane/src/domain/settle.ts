import type { EnverEntry } from '@ondemandenv/contracts-base';
import { withRoots } from './causes.js';
import { withCondition, withoutConditions } from './conditions.js';
import type { Context } from './context.js';
import { markConsumers } from './mark-consumers.js';
import { consumedPaths, deployedReason, inPhase, save, without } from './record-writes.js';
import type { EnverRecord, LiveRun } from './records.js';
import { abandon, type EndOfRun, wasDeployed } from './runs.js';
import { enqueueEnvers, wakeWaiters } from './wake.js';

/** A deployment run has ended: deployed, failed, or to be started once more. Others may go on. */
export async function settle(
  context: Context,
  record: EnverRecord,
  entry: EnverEntry,
  run: LiveRun,
  ended: EndOfRun,
): Promise<void> {
  if (await wasDeployed(context, record, run)) return deployed(context, record, entry, run);
  if (ended.conclusion === 'no source') return void (await abandon(context, record, run, ended.reason));
  const again = ended.conclusion === 'lost' || ended.conclusion === 'superseded';
  if (again && !record.restarts) return restart(context, record, entry, run, ended.reason);
  const reason = ended.conclusion === 'success' ? 'its run ended without `odmd-enver publish`' : ended.reason;
  return failed(context, record, entry, run, reason);
}

async function deployed(
  context: Context,
  record: EnverRecord,
  entry: EnverEntry,
  run: LiveRun,
): Promise<void> {
  const { ports, contracts } = context;
  const marked = await markConsumers(context, entry, run.roots);
  const now = ports.clock.now();
  const { dispatchId, vector, place, roots } = run;
  const outcome = { dispatchId, vector, place, roots, at: now };
  const next: EnverRecord = {
    ...withoutLeftBehind(without(record, 'run', 'failed', 'restarts'), run, now),
    deployed: outcome,
    rounds: Object.fromEntries(run.roots.map((root) => [root, (record.rounds?.[root] ?? 0) + 1])),
    consumes: consumedPaths(entry, { deployed: outcome }),
    nextAt: now,
  };
  await save(ports.records, record, inPhase(next, 'deployed', deployedReason(run.vector), now));
  if (record.id === contracts.contractsLibId)
    await ports.queue.send({ kind: 'sync' }, `deployed ${run.dispatchId}`);
  // One cause for all of them: who was marked and waits too is looked at once.
  const waiters = await ports.records.find('waiters', record.id);
  await enqueueEnvers(context, [...marked, ...waiters, record.id], `deployed ${run.dispatchId}`);
}

/** Whoever asks for a deployment has seen that something was left behind. */
function withoutLeftBehind(record: EnverRecord, run: LiveRun, now: number): EnverRecord {
  const before = record.deployed?.place;
  if (before !== undefined && before !== run.place)
    return withCondition(
      record,
      'LeftBehind',
      `what was deployed in ${before} is still there: remove it by hand`,
      now,
    );
  return run.forced === undefined ? record : withoutConditions(record, 'LeftBehind');
}

async function failed(
  context: Context,
  record: EnverRecord,
  entry: EnverEntry,
  run: LiveRun,
  reason: string,
): Promise<void> {
  const { ports } = context;
  // It may have published before it failed: whoever reads that is part of the rollout, and blocked with it.
  const marked = await markConsumers(context, entry, run.roots);
  const now = ports.clock.now();
  const { dispatchId, vector, place, roots } = run;
  const outcome = { dispatchId, vector, place, roots, reason, at: now };
  const ended = without(record, 'run', 'restarts');
  const next: EnverRecord = {
    ...ended,
    failed: outcome,
    consumes: consumedPaths(entry, ended),
    nextAt: now,
  };
  const saved = await save(ports.records, record, inPhase(next, 'failed', reason, now));
  await ports.events.publish([
    { type: 'EnverFailed', detail: { enver: record.id, dispatchId: run.dispatchId, reason } },
  ]);
  await enqueueEnvers(context, [...marked, record.id], `failed ${run.dispatchId}`);
  await wakeWaiters(context, saved, 'failed');
}

/** The runner failed, or CI found that it should not go on: once more, with what is newest by then. */
async function restart(
  { ports }: Context,
  record: EnverRecord,
  entry: EnverEntry,
  run: LiveRun,
  reason: string,
): Promise<void> {
  const now = ports.clock.now();
  const causes = run.roots.map((root) => ({ root, reason, at: now }));
  const restarts = (record.restarts ?? 0) + 1;
  const pending = withRoots(causes, record.pending);
  const ended = without(record, 'run');
  const next: EnverRecord = {
    ...ended,
    consumes: consumedPaths(entry, ended),
    pending,
    restarts,
    nextAt: now,
    ...(run.forced !== undefined && { forced: run.forced }),
  };
  await save(ports.records, record, inPhase(next, 'waiting', `once more: ${reason}`, now));
  await ports.queue.send({ kind: 'enver', id: record.id }, `restart ${run.dispatchId}`);
}
