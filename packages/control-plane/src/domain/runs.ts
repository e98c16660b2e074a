import {
  canonicalJson,
  type DispatchState,
  deployedStatePath,
  deployedStateSchema,
  dispatchStatePath,
  type EnverEntry,
  type InputVector,
  sha256,
} from '@ondemandenv/contracts-base';
import type { RunStatus } from '../ports/index.js';
import { placeOf } from './causes.js';
import type { Context } from './context.js';
import { inPhase, save, update, without } from './record-writes.js';
import type { EnverRecord, LiveRun, RootId } from './records.js';

/** How long after its own limit a run that was never reported as ended counts as failed. */
const GRACE_MS = 30 * 60_000;
/** How often a live run is looked at without a hint. A teardown is short, and its end is hinted at nowhere. */
const POLL_MS = { deploy: 120_000, destroy: 30_000 } as const;

export interface PlannedRun {
  readonly purpose: LiveRun['purpose'];
  readonly vector: InputVector;
  readonly roots: readonly RootId[];
  readonly reason: string;
}

/**
 * Starts a run: the record first, then what CI reads, then the job. A crash in between is healed by the next
 * reconcile, which finds the run on the record and no job with its id.
 */
export async function startRun(
  context: Context,
  record: EnverRecord,
  entry: EnverEntry,
  plan: PlannedRun,
): Promise<EnverRecord> {
  const { ports } = context;
  const now = ports.clock.now();
  const runs = record.runs + 1;
  const { reason, ...run } = plan;
  const live: LiveRun = {
    ...run,
    place: placeOf(entry),
    dispatchId: dispatchId(record, runs),
    startedAt: now,
    ...(record.forced !== undefined && { forced: record.forced }),
  };
  const cleared =
    plan.purpose === 'deploy'
      ? without(record, 'failed', 'forced', 'pacedUntil')
      : // What is being torn down is not deployed any more, whatever comes of it.
        without(record, 'pacedUntil', 'deployed', 'failed');
  const begun = { begun: plan.vector };
  const next: EnverRecord = {
    ...cleared,
    ...begun,
    runs,
    run: live,
    pending: [],
    waitsFor: [],
    nextAt: now + POLL_MS[plan.purpose],
  };
  const phase = plan.purpose === 'deploy' ? 'running' : 'deleting';
  const saved = inPhase(next, phase, reason, now);
  // What was decided under contracts that are no longer in force is decided again.
  const check = { kind: 'applied', id: 'applied' } as const;
  const expect = context.contracts.applied?.record.version ?? 0;
  await ports.records.transact([update(saved), { check, expect }]);
  const written = { ...saved, version: saved.version + 1 };
  await launch(context, written, entry, live);
  await ports.events.publish([
    {
      type: 'EnverDispatched',
      detail: { enver: record.id, dispatchId: live.dispatchId, roots: [...live.roots], reason },
    },
  ]);
  return written;
}

/** Hands a recorded run to CI; harmless when that was done before. */
async function launch(
  { ports }: Context,
  record: EnverRecord,
  entry: EnverEntry,
  run: LiveRun,
): Promise<void> {
  const state: DispatchState = { id: run.dispatchId, vector: run.vector };
  await ports.manifests.publishEntry(entry);
  await ports.config.put(dispatchStatePath(record.id), canonicalJson(state));
  await ports.source.dispatch({
    dispatchId: run.dispatchId,
    repo: record.repo,
    revision: record.revision,
    sha: run.vector.source.sha,
    enverId: record.id,
    purpose: run.purpose,
    timeoutMinutes: entry.timeoutMinutes,
  });
}

/** Looks at the live run of a record; `undefined` while it goes on. */
export async function endOfRun(
  context: Context,
  record: EnverRecord,
  entry: EnverEntry | undefined,
  run: LiveRun,
): Promise<Extract<RunStatus, { state: 'ended' }> | undefined> {
  const { ports } = context;
  const status = await ports.source.findRun(record.repo, run.dispatchId);
  if (status?.state === 'ended') return status;
  const now = ports.clock.now();
  const limit = run.startedAt + (entry?.timeoutMinutes ?? 0) * 60_000 + GRACE_MS;
  if (now >= limit)
    return { state: 'ended', conclusion: 'timed-out', reason: 'the run was never reported as ended' };
  const unseen = !status && now >= run.startedAt + ports.source.unseenMs;
  if (unseen && entry) await launch(context, record, entry, run);
  if (unseen && !entry)
    return { state: 'ended', conclusion: 'lost', reason: 'it left the contracts before its job began' };
  if ((record.nextAt ?? 0) <= now)
    await save(ports.records, record, { ...record, nextAt: now + POLL_MS[run.purpose] });
  return undefined;
}

/** Whether CI says that it completed this run. */
export async function wasDeployed({ ports }: Context, record: EnverRecord, run: LiveRun): Promise<boolean> {
  const path = deployedStatePath(record.id);
  const stored = (await ports.config.getMany([path])).get(path);
  if (!stored) return false;
  const state = deployedStateSchema.safeParse(JSON.parse(stored.value));
  return state.success && state.data.dispatchId === run.dispatchId;
}

/** Unique per run of an enver, also when a clone of the same name is created again. */
function dispatchId(record: EnverRecord, n: number): string {
  return `${sha256(`${record.id} ${record.incarnation}`).slice(0, 12)}-${n}`;
}
