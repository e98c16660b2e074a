import { type EnverEntry, type InputVector, producerOf } from '@ondemandenv/contracts-base';
import { type Change, changes, productName, withRoots } from './causes.js';
import { requestDelete } from './clones.js';
import type { Context, Platform } from './context.js';
import { gate } from './gate.js';
import { allowedInputs, announceInputs, awaitedApprovals } from './guarded-inputs.js';
import { observeInputs } from './observe.js';
import { deployedReason, inPhase, noted, refId, repoName, save, without } from './record-writes.js';
import type { EnverRecord, RootId } from './records.js';
import { endOfRun, startRun } from './runs.js';
import { settle } from './settle.js';
import { teardown } from './teardown.js';
import { enqueueWritten, wakeWaiters } from './wake.js';

/** How often a waiting enver looks at its gate without a hint. */
const RECHECK_MS = 60_000;

/**
 * Moves one enver one step from what is observed towards what is wanted, and notes why. Idempotent: it may be
 * called at any time, any number of times, and be killed anywhere.
 */
export async function reconcile(platform: Platform, id: string): Promise<void> {
  const record = await platform.ports.records.get('enver', id);
  if (!record) return;
  const context = await platform.context();
  if (record.deleting !== undefined) return teardown(context, record);
  const entry = context.contracts.entry(record);
  if (record.run) {
    const ended = await endOfRun(context, record, entry, record.run);
    if (ended && entry) await settle(context, record, entry, record.run, ended);
    else if (ended) await leaveContracts(context, without(record, 'run'));
    return;
  }
  if (!entry) return leaveContracts(context, record);
  if (await expired(context, record)) return;
  await deployIfNeeded(context, record, entry);
}

async function deployIfNeeded(context: Context, read: EnverRecord, entry: EnverEntry): Promise<void> {
  const { ports } = context;
  const followed = context.contracts.follow(read, entry);
  const { source } = followed;
  if (!source || (source.entry !== followed.entryDigest && !isBuilt(read)))
    return noSource(context, read, followed, entry);
  const { inputs: newest, missing } = await observeInputs(context, entry);
  const rootsOfPath = (path: string) => rootsOf(context, path, true);
  const record = await announceInputs(context, read, entry, newest, rootsOfPath);
  const current = context.contracts.follow(record, entry);
  const inputs = allowedInputs(record, entry, newest);
  const vector: InputVector = { source: { sha: source.sha, tree: source.tree }, inputs };
  const causes = changes(entry, record.deployed?.vector, vector);
  if (missing.length === 0 && causes.length === 0 && !record.forced)
    return upToDate(context, record, current, awaitedApprovals(current, entry));
  const wanted = await withCauses(context, current, entry, causes);
  if (missing.length > 0) {
    const what = missing.map((use) => productName(use.path)).join(', ');
    return wait(
      context,
      record,
      wanted,
      'waiting',
      `needs ${what}`,
      missing.map((use) => use.from),
    );
  }
  if (stillFailed(wanted, entry, vector)) return stayFailed(context, record, wanted);
  const roots = [...new Set([...wanted.pending.map(({ root }) => root), ...(wanted.failed?.roots ?? [])])];
  if (!record.forced) {
    const state = await gate(context, wanted, roots);
    if (state.state === 'waiting')
      return wait(context, record, wanted, 'waiting', `behind ${state.for.join(', ')}`, state.for);
    if (state.state === 'blocked') return wait(context, record, wanted, 'blocked', state.reason, state.by);
  }
  if ((await ports.stacks.ensure(entry)) === 'working')
    return wait(context, record, wanted, 'waiting', 'its roles are being made', []);
  const reason = causes.map((cause) => cause.reason).join('; ') || `asked by ${record.forced}`;
  const saved = await save(ports.records, record, wanted);
  await startRun(context, saved, entry, { purpose: 'deploy', vector, roots, reason });
}

/** Pending changes, with those that today's difference shows: every root is traced to what began it. */
async function withCauses(
  context: Context,
  record: EnverRecord,
  entry: EnverEntry,
  causes: readonly Change[],
): Promise<EnverRecord> {
  const at = context.ports.clock.now();
  const found: { root: RootId; reason: string; at: number }[] = [];
  for (const { kind, path, reason } of causes) {
    const roots = new Set<RootId>();
    if ((kind === 'first' || kind === 'source') && record.source) roots.add(record.source.root);
    if (kind === 'contract') roots.add(`contracts@${record.contracts}`);
    // Whatever is consumed for the first time may come from a run that still goes on.
    const paths = kind === 'first' ? entry.consumes.map((use) => use.path) : path === undefined ? [] : [path];
    for (const input of paths)
      for (const root of await rootsOf(context, input, kind === 'input')) roots.add(root);
    for (const root of roots) found.push({ root, reason, at });
  }
  if (record.forced) found.push({ root: record.forced, reason: `asked by ${record.forced}`, at });
  return { ...record, pending: withRoots(record.pending, found) };
}

/** The changes that the newest value of a product may come from: those of its live run, else of its last one. */
async function rootsOf({ ports }: Context, path: string, ended: boolean): Promise<readonly RootId[]> {
  const producer = await ports.records.get('enver', producerOf(path));
  return producer?.run?.roots ?? (ended ? producer?.deployed?.roots : undefined) ?? [];
}

/** After a failure it takes a new cause to try again: another source, another input, or a person. */
function stillFailed(record: EnverRecord, entry: EnverEntry, vector: InputVector): boolean {
  if (record.forced || !record.failed) return false;
  return changes(entry, record.failed.vector, vector).length === 0;
}

async function stayFailed({ ports }: Context, read: EnverRecord, record: EnverRecord): Promise<void> {
  if (!record.failed) return;
  const roots = [...new Set([...record.failed.roots, ...record.pending.map(({ root }) => root)])];
  const next: EnverRecord = {
    ...without(record, 'nextAt'),
    failed: { ...record.failed, roots },
    pending: [],
  };
  const { reason } = record.failed;
  await save(ports.records, read, inPhase(next, 'failed', reason, ports.clock.now()));
}

async function upToDate(
  context: Context,
  read: EnverRecord,
  record: EnverRecord,
  awaited: readonly string[],
): Promise<void> {
  const { ports } = context;
  const now = ports.clock.now();
  const settled = read.pending.length > 0 || read.failed !== undefined;
  const next: EnverRecord = {
    ...without(record, 'failed', 'nextAt'),
    pending: [],
    waitsFor: [],
    ...expiry(record),
    ...(settled && { history: noted(record, `nothing to do for ${reasonsOf(read)}`, now) }),
  };
  const at = record.deployed ? deployedReason(record.deployed.vector) : record.reason;
  const reason = awaited.length === 0 ? at : `${at}; to be approved: ${awaited.join(', ')}`;
  const saved = await save(ports.records, read, inPhase(next, 'deployed', reason, now));
  if (settled) await wakeWaiters(context, saved, 'unchanged');
}

function reasonsOf(record: EnverRecord): string {
  const reasons = record.pending.map(({ reason }) => reason);
  return [...new Set(reasons)].join(', ') || 'what failed: it was taken back';
}

/** Its source is unknown, or was read for another entry: the ref has to be read, if there is one. */
async function noSource(
  context: Context,
  read: EnverRecord,
  record: EnverRecord,
  entry: EnverEntry,
): Promise<void> {
  const { ports } = context;
  const ref = await ports.records.get('ref', refId(record));
  if (ref) {
    const { incarnation, version } = await save(ports.records, read, record);
    const cause = `source of ${read.id} ${incarnation}/${version}`;
    return ports.queue.send({ kind: 'ref', repo: ref.repo, ref: ref.ref }, cause);
  }
  const what = `${entry.revision.kind} ${entry.revision.ref} of ${repoName(entry)}`;
  const next = { ...without(record, 'nextAt'), pending: [], waitsFor: [] };
  const [phase, reason] = read.deployed
    ? (['deployed', `SourceMissing: ${what} is gone; what was deployed keeps running`] as const)
    : (['idle', `${what} does not exist yet`] as const);
  await save(ports.records, read, inPhase(next, phase, reason, ports.clock.now()));
}

/** A tag is built once: whatever its contract says later, its source is the one it was built from. */
function isBuilt(record: EnverRecord): boolean {
  return record.revision.kind === 'tag' && record.deployed !== undefined;
}

/** Waits, and looks once more afterwards: who it waits for may have settled before it could be found as a waiter. */
async function wait(
  context: Context,
  read: EnverRecord,
  record: EnverRecord,
  phase: 'waiting' | 'blocked',
  reason: string,
  waitsFor: readonly string[],
): Promise<void> {
  const { ports } = context;
  const now = ports.clock.now();
  const nextAt = phase === 'waiting' && (record.nextAt ?? 0) <= now ? now + RECHECK_MS : record.nextAt;
  const next = {
    ...record,
    waitsFor: [...new Set(waitsFor)].sort(),
    ...(nextAt !== undefined && { nextAt }),
  };
  const saved = await save(ports.records, read, inPhase(next, phase, reason, now));
  const news = saved.phase !== read.phase || saved.waitsFor.join() !== read.waitsFor.join();
  if (!news) return;
  await enqueueWritten(context, [saved], 'recheck');
  if (phase === 'blocked') {
    await ports.events.publish([
      { type: 'EnverBlocked', detail: { enver: record.id, by: [...waitsFor], reason } },
    ]);
    await wakeWaiters(context, saved, 'blocked');
  }
}

/** The contracts no longer have it: a clone goes, a static enver is kept until somebody confirms. */
async function leaveContracts(context: Context, record: EnverRecord): Promise<void> {
  const { ports } = context;
  if (record.clone)
    return requestDelete(context, record.id, `its base ${record.clone.base} left the contracts`);
  const read = await ports.records.get('enver', record.id);
  if (!read) return;
  const next = { ...without(read, 'run', 'nextAt', 'forced'), pending: [], waitsFor: [] };
  const saved = await save(
    ports.records,
    read,
    inPhase(next, 'retired', 'no longer in the contracts', ports.clock.now()),
  );
  await wakeWaiters(context, saved, 'retired');
}

async function expired(context: Context, record: EnverRecord): Promise<boolean> {
  const { expiresAt } = expiryOf(record);
  if (expiresAt === undefined || context.ports.clock.now() < expiresAt) return false;
  await requestDelete(context, record.id, 'it expired');
  return true;
}

function expiryOf(record: EnverRecord): { expiresAt: number | undefined } {
  const after = record.clone?.expiresAfterMs;
  return { expiresAt: after === undefined || !record.source ? undefined : record.source.at + after };
}

function expiry(record: EnverRecord): { nextAt?: number } {
  const { expiresAt } = expiryOf(record);
  return expiresAt === undefined ? {} : { nextAt: expiresAt };
}
