import { type EnverEntry, entryDigest, type InputVector, producerOf } from '@ondemandenv/contracts-base';
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

/** How often an enver on a cycle is deployed for one change, before the cycle counts as one that never settles. */
const MAX_ROUNDS = 5;
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
  // Contracts that were applied but not yet brought to every record have no say yet: the sync marks all who are affected first.
  if (read.entryDigest !== entryDigest(entry)) {
    const cause = `align ${read.id} ${read.incarnation}/${read.version}`;
    return ports.queue.send({ kind: 'sync' }, cause);
  }
  const { source } = read;
  if (!source || (source.entry !== read.entryDigest && !isBuilt(read))) return noSource(context, read, entry);
  const { inputs: newest, missing } = await observeInputs(context, entry);
  const rootsOfPath = (path: string) => rootsOf(context, path, true);
  const record = await announceInputs(context, read, entry, newest, rootsOfPath);
  const inputs = allowedInputs(record, entry, newest);
  const vector: InputVector = { source: { sha: source.sha, tree: source.tree }, inputs };
  const causes = changes(entry, record.deployed?.vector, vector);
  if (missing.length === 0 && causes.length === 0 && !record.forced)
    return stillFailed(record, entry, vector)
      ? stayFailed(context, record, record)
      : upToDate(context, record, entry);
  const wanted = await withCauses(context, record, entry, causes);
  if (missing.length > 0) {
    const from = missing.map((use) => use.from);
    return wait(context, record, wanted, 'waiting', await neededText(context, missing), from);
  }
  if (stillFailed(wanted, entry, vector)) return stayFailed(context, record, wanted);
  const roots = [...new Set([...wanted.pending.map(({ root }) => root), ...(wanted.failed?.roots ?? [])])];
  if (!record.forced) {
    const rounds = roots.map((root) => record.rounds?.[root] ?? 0);
    if (rounds.every((count) => count >= MAX_ROUNDS) && context.contracts.cycleOf(record).size > 0)
      return wait(context, record, wanted, 'blocked', `CycleDoesNotSettle: ${MAX_ROUNDS} rounds`, []);
    const state = await gate(context, wanted, roots);
    if (state.state === 'waiting')
      return wait(context, record, wanted, 'waiting', `behind ${state.for.join(', ')}`, state.for);
    if (state.state === 'blocked') return wait(context, record, wanted, 'blocked', state.reason, state.by);
  }
  if ((await ports.stacks.ensure(entry)) === 'working')
    return wait(context, record, wanted, 'waiting', 'its roles are being made', []);
  const reason = causes.map((cause) => cause.reason).join('; ') || `asked for: ${record.forced}`;
  const saved = await save(ports.records, record, wanted);
  await startRun(context, saved, entry, { purpose: 'deploy', vector, roots, reason });
}

/** What is missing, and what a person has to do where nothing is under way that would bring it. */
async function neededText({ ports }: Context, missing: EnverEntry['consumes']): Promise<string> {
  const texts = missing.map(async ({ path, from }) => {
    const producer = await ports.records.get('enver', from);
    const without = producer?.phase === 'deployed' && producer.pending.length === 0;
    return `${productName(path)}${without ? `, which ${from} was deployed without (\`odmd deploy ${from}\`)` : ''}`;
  });
  return `needs ${(await Promise.all(texts)).join(', ')}`;
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
    if (kind === 'consumed' || kind === 'dropped') roots.add(`contracts@${record.contracts}`);
    // Whatever is consumed for the first time may come from a run that still goes on.
    const paths = kind === 'first' ? entry.consumes.map((use) => use.path) : path === undefined ? [] : [path];
    for (const input of kind === 'dropped' ? [] : paths)
      for (const root of await rootsOf(context, input, kind === 'input')) roots.add(root);
    for (const root of roots) found.push({ root, reason, at });
  }
  if (record.forced) found.push({ root: record.forced, reason: `asked for: ${record.forced}`, at });
  return { ...record, pending: withRoots(record.pending, found) };
}

/** The changes that the newest value of a product may come from: of a live run, of one that failed half-way, or of the last. */
async function rootsOf({ ports }: Context, path: string, ended: boolean): Promise<readonly RootId[]> {
  const producer = await ports.records.get('enver', producerOf(path));
  const last = producer?.failed ?? (ended ? producer?.deployed : undefined);
  return producer?.run?.roots ?? last?.roots ?? [];
}

/** After a failure it takes a new cause to try again: another source, another input, or a person. */
function stillFailed(record: EnverRecord, entry: EnverEntry, vector: InputVector): boolean {
  if (record.forced || !record.failed) return false;
  return changes(entry, record.failed.vector, vector).length === 0;
}

async function stayFailed(context: Context, read: EnverRecord, record: EnverRecord): Promise<void> {
  const { ports } = context;
  if (!record.failed) return;
  const roots = [...new Set([...record.failed.roots, ...record.pending.map(({ root }) => root)])];
  const next: EnverRecord = {
    ...without(record, 'nextAt'),
    failed: { ...record.failed, roots },
    pending: [],
  };
  const { reason } = record.failed;
  const saved = await save(ports.records, read, inPhase(next, 'failed', reason, ports.clock.now()));
  if (read.pending.length > 0) await wakeWaiters(context, saved, 'still failed');
}

async function upToDate(context: Context, read: EnverRecord, entry: EnverEntry): Promise<void> {
  const { ports } = context;
  const now = ports.clock.now();
  const settled = read.pending.length > 0 || read.failed !== undefined;
  const next: EnverRecord = {
    ...without(read, 'failed', 'nextAt'),
    pending: [],
    waitsFor: [],
    ...expiry(read),
    ...(settled && { history: noted(read, `nothing to do: ${reasonsOf(read)}`, now) }),
  };
  const at = read.deployed ? deployedReason(read.deployed.vector) : read.reason;
  const awaited = awaitedApprovals(read, entry).map((what) => `to be approved: ${what}`);
  const refused = read.refused ? [`not applied: ${read.refused.message}`] : [];
  const reason = [at, ...awaited, ...refused].join('; ');
  const saved = await save(ports.records, read, inPhase(next, 'deployed', reason, now));
  if (settled) await wakeWaiters(context, saved, 'unchanged');
}

function reasonsOf(record: EnverRecord): string {
  const reasons = record.pending.map(({ reason }) => reason);
  return [...new Set(reasons)].join(', ') || 'what failed was taken back';
}

/** Its source is unknown, or was read for another entry: the ref has to be read, if there is one. */
async function noSource(context: Context, read: EnverRecord, entry: EnverEntry): Promise<void> {
  const { ports } = context;
  const ref = await ports.records.get('ref', refId(read));
  if (ref) {
    const cause = `source of ${read.id} ${read.incarnation}/${read.version}`;
    return ports.queue.send({ kind: 'ref', repo: ref.repo, ref: ref.ref }, cause);
  }
  const what = `${entry.revision.kind} ${entry.revision.ref} of ${repoName(entry)}`;
  const next = { ...without(read, 'nextAt'), pending: [], waitsFor: [] };
  const [phase, reason] = read.deployed
    ? (['deployed', `SourceMissing: ${what} is gone; what was deployed keeps running`] as const)
    : (['idle', `${what} does not exist yet`] as const);
  const saved = await save(ports.records, read, inPhase(next, phase, reason, ports.clock.now()));
  if (read.pending.length > 0) await wakeWaiters(context, saved, 'no source');
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
  const nextAt = record.nextAt === undefined || record.nextAt <= now ? now + RECHECK_MS : record.nextAt;
  const next = {
    ...record,
    waitsFor: [...new Set(waitsFor)].sort(),
    nextAt,
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
