import {
  canonicalJson,
  type DeployedState,
  type DispatchState,
  deployedStatePath,
  deployedStateSchema,
  dispatchStatePath,
  type EnverEntry,
  type InputVector,
  OdmdError,
  sha256,
} from '@ondemandenv/contracts-base';
import { type RunStatus, ThrottledError } from '../ports/index.js';
import { placeOf, withRoots } from './causes.js';
import type { Context } from './context.js';
import { oneLine } from './one-line.js';
import { inPhase, save, update, without } from './record-writes.js';
import type { EnverRecord, LiveRun, RootId } from './records.js';
import { storedJson } from './stored-json.js';
import { enqueueEnvers } from './wake.js';

/** How long after its own limit a run that was never reported as ended counts as failed. */
const GRACE_MS = 30 * 60_000;
/** How often a live run is looked at without a hint; a teardown is short. */
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
  const live: LiveRun = {
    ...plan,
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
  const saved = inPhase(next, phase, plan.reason, now);
  // What was decided under contracts that are no longer in force is decided again.
  const check = { kind: 'applied', id: 'applied' } as const;
  const expect = context.contracts.applied?.record.version ?? 0;
  await ports.records.transact([update(saved), { check, expect }]);
  const written = { ...saved, version: saved.version + 1 };
  if (!(await launch(context, written, entry, live)))
    return abandon(context, written, live, sourceGone(record));
  await ports.events.publish([
    {
      type: 'EnverDispatched',
      detail: { enver: record.id, dispatchId: live.dispatchId, roots: [...live.roots], reason: plan.reason },
    },
  ]);
  return written;
}

/** How a run has ended; `no source`: its job was never started, since the branch or tag that it was for is gone. */
export type EndOfRun =
  | Extract<RunStatus, { state: 'ended' }>
  | { readonly state: 'ended'; readonly conclusion: 'no source'; readonly reason: string };

/**
 * Hands a recorded run to CI; harmless when that was done before.
 *
 * @returns false when its branch or tag is gone, so that no job can be started
 */
async function launch(
  context: Context,
  record: EnverRecord,
  entry: EnverEntry,
  run: LiveRun,
): Promise<boolean> {
  const { ports } = context;
  const state: DispatchState = { id: run.dispatchId, vector: run.vector };
  try {
    await ports.manifests.publishEntry(entry);
    await ports.config.put(dispatchStatePath(record.id), canonicalJson(state));
  } catch (error) {
    await noteRefusal(context, record, run);
    throw error;
  }
  try {
    await ports.source.dispatch({
      dispatchId: run.dispatchId,
      repo: record.repo,
      revision: record.revision,
      sha: run.vector.source.sha,
      enverId: record.id,
      purpose: run.purpose,
      reason: oneLine(run.reason),
      timeoutMinutes: entry.timeoutMinutes,
    });
    return true;
  } catch (error) {
    if (!(error instanceof OdmdError || error instanceof ThrottledError)) throw error;
    // A teardown runs elsewhere.
    const isGone =
      error instanceof OdmdError &&
      run.purpose === 'deploy' &&
      (await ports.source.head(record.repo, record.revision)) === undefined;
    if (isGone) return false;
    // The host has said no, so there is no job. It may be mended, and is tried again.
    await noteRefusal(context, record, run);
    throw error;
  }
}

/**
 * Hands a run over whose job is not there. What it is known to have been refused for is over, as far as anybody knows;
 * and if its branch goes at this very moment, the next look finds that out.
 */
async function launchAgain(
  context: Context,
  read: EnverRecord,
  entry: EnverEntry,
  { refused: _, ...run }: LiveRun,
): Promise<void> {
  const { records, clock } = context.ports;
  const record = await save(records, read, {
    ...read,
    run,
    nextAt: clock.now() + POLL_MS[run.purpose],
  });
  await launch(context, record, entry, run);
}

/** Notes that no job was started, so that nobody waits for one to be found; the hint comes again when there is hope. */
async function noteRefusal({ ports }: Context, record: EnverRecord, run: LiveRun): Promise<void> {
  await save(ports.records, record, { ...record, run: { ...run, refused: true } });
}

/**
 * Takes a run back whose job cannot be started: its branch or tag went before anybody heard of it. Whoever reads the ref
 * next finds out what becomes of the enver.
 *
 * @returns the record as written
 */
export async function abandon(
  context: Context,
  record: EnverRecord,
  run: LiveRun,
  reason: string,
): Promise<EnverRecord> {
  const { ports } = context;
  const now = ports.clock.now();
  const causes = run.roots.map((root) => ({ root, reason: run.reason, at: now }));
  const pending = withRoots(causes, record.pending);
  const next: EnverRecord = { ...without(record, 'run', 'source'), pending, nextAt: now };
  const saved = await save(ports.records, record, inPhase(next, 'waiting', reason, now));
  await enqueueEnvers(context, [record.id], `no source ${run.dispatchId}`);
  return saved;
}

function sourceGone({ revision }: EnverRecord): string {
  return `the ${revision.kind} ${revision.ref} is gone`;
}

/** Looks at the live run of a record; `undefined` while it goes on. */
export async function endOfRun(
  context: Context,
  record: EnverRecord,
  entry: EnverEntry | undefined,
  run: LiveRun,
): Promise<EndOfRun | undefined> {
  const { ports } = context;
  const status = await ports.source.findRun(record.repo, run.dispatchId);
  if (status?.state === 'ended') return status;
  const now = ports.clock.now();
  const limit = run.startedAt + (entry?.timeoutMinutes ?? 0) * 60_000 + GRACE_MS;
  if (now >= limit)
    return { state: 'ended', conclusion: 'timed-out', reason: 'the run was never reported as ended' };
  const unseen = !status && (run.refused || now >= run.startedAt + ports.source.unseenMs);
  if (unseen && entry) {
    const isGone =
      run.purpose === 'deploy' && (await ports.source.head(record.repo, record.revision)) === undefined;
    if (isGone) return { state: 'ended', conclusion: 'no source', reason: sourceGone(record) };
    await launchAgain(context, record, entry, run);
  }
  if (unseen && !entry)
    return { state: 'ended', conclusion: 'lost', reason: 'it left the contracts before its job began' };
  if (!unseen && (record.nextAt ?? 0) <= now)
    await save(ports.records, record, { ...record, nextAt: now + POLL_MS[run.purpose] });
  return undefined;
}

/** Whether CI says that it completed this run. */
export async function wasDeployed(context: Context, { id }: EnverRecord, run: LiveRun): Promise<boolean> {
  return (await deployedState(context, id))?.dispatchId === run.dispatchId;
}

/** What CI says that it completed last, for whoever has the record of it no more. */
export async function deployedState({ ports }: Context, id: string): Promise<DeployedState | undefined> {
  const path = deployedStatePath(id);
  const stored = (await ports.config.getMany([path])).get(path);
  const state = stored && deployedStateSchema.safeParse(storedJson(stored.value));
  return state?.success ? state.data : undefined;
}

/** Unique per run of an enver, also when a clone of the same name is created again. */
function dispatchId(record: EnverRecord, n: number): string {
  return `${sha256(`${record.id} ${record.incarnation}`).slice(0, 12)}-${n}`;
}
