import { type EnverEntry, entryDigest, type InputVector } from '@ondemandenv/contracts-base';
import { alignRoles } from './aligned-roles.js';
import { awaitedApprovals } from './approvals.js';
import { type Change, changes, moves, placeOf, productName, short } from './causes.js';
import { withCondition, withoutConditions } from './conditions.js';
import type { Context, Platform } from './context.js';
import { allowedInputs, announceInputs } from './guarded-inputs.js';
import { DECIDED, heldUp, wait, withoutHold } from './hold.js';
import { expired, leaveContracts, nextLook } from './lifetime.js';
import { observeInputs } from './observe.js';
import { pacedUntil } from './pacing.js';
import { deployedReason, inPhase, isBuilt, noted, refId, repoName, save, without } from './record-writes.js';
import type { EnverRecord } from './records.js';
import { endOfRun, startRun } from './runs.js';
import { settle } from './settle.js';
import { teardown } from './teardown.js';
import { rootsOf, withCauses } from './trace.js';
import { wakeWaiters } from './wake.js';

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
    else if (ended) await leaveContracts(context, record);
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
  if (read.source?.entry !== read.entryDigest) return noSource(context, read, entry);
  const { sha, tree } = (isBuilt(read) ? read.deployed?.vector.source : undefined) ?? read.source;
  const { inputs: newest, missing } = await observeInputs(context, entry);
  const rootsOfPath = (path: string) => rootsOf(context, path, true);
  const record = await announceInputs(context, read, entry, newest, rootsOfPath);
  const inputs = allowedInputs(record, entry, newest);
  const vector: InputVector = { source: { sha, tree }, inputs };
  const causes = [...moves(entry, record.deployed), ...changes(entry, record.deployed?.vector, vector)];
  if (isBuilt(record) && !record.forced)
    return record.failed ? stayFailed(context, record, record) : upToDate(context, record, entry, causes);
  if (missing.length === 0 && causes.length === 0 && !record.forced)
    return stillFailed(record, entry, vector)
      ? stayFailed(context, record, record)
      : upToDate(context, record, entry);
  const isMissing = (path: string) => missing.some((use) => use.path === path);
  const wanted = await withCauses(context, record, entry, causes, isMissing);
  if (missing.length > 0) {
    const reason = await neededText(context, missing);
    return wait(context, record, wanted, { reason, waitsFor: missing.map((use) => use.from) });
  }
  if (stillFailed(wanted, entry, vector)) return stayFailed(context, record, wanted);
  const roots = [...new Set([...wanted.pending.map(({ root }) => root), ...(wanted.failed?.roots ?? [])])];
  const held = record.forced ? undefined : await heldUp(context, wanted, roots);
  if (held && !held.opened) return wait(context, record, wanted, held);
  // A gate that has opened stays open while the enver itself is not ready.
  const still = held?.gate && { gate: held.gate };
  const roles = await ports.stacks.ensure(entry);
  if (roles !== 'ready') {
    const reason =
      roles === 'working' ? 'its roles are being made' : `its roles cannot be made: ${roles.failed}`;
    return wait(context, record, wanted, { ...still, reason, waitsFor: [] });
  }
  const readiness = await ports.source.prepare(entry);
  if (readiness.state === 'waiting')
    return wait(context, record, wanted, {
      ...still,
      reason: readiness.message,
      waitsFor: [],
      condition: readiness.condition,
    });
  const until = await pacedUntil(context, wanted);
  if (until !== undefined)
    return wait(context, record, wanted, {
      ...still,
      reason: 'many jobs are being dispatched, and the host takes so many a minute',
      waitsFor: [],
      pacedUntil: until,
    });
  const reason = causes.map((cause) => cause.reason).join('; ') || `asked for: ${record.forced}`;
  const rolesOf = context.contracts.rolesDigest(entry, wanted.entryDigest);
  const made = { ...withoutConditions(wanted, 'RolesOutdated'), rolesOf };
  const saved = await save(ports.records, record, await withoutHold(context, made, held));
  const started = await startRun(context, saved, entry, { purpose: 'deploy', vector, roots, reason });
  if (read.untraced) await wakeWaiters(context, started, 'traced');
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

/** After a failure it takes a new cause to try again: another source, another input, or a person. */
function stillFailed(record: EnverRecord, entry: EnverEntry, vector: InputVector): boolean {
  if (record.forced || !record.failed) return false;
  if (moves(entry, record.deployed).length > 0 && record.failed.place !== placeOf(entry)) return false;
  return changes(entry, record.failed.vector, vector).length === 0;
}

async function stayFailed(context: Context, read: EnverRecord, record: EnverRecord): Promise<void> {
  const { ports } = context;
  if (!record.failed) return;
  const roots = [...new Set([...record.failed.roots, ...record.pending.map(({ root }) => root)])];
  const next: EnverRecord = {
    ...without(record, 'nextAt', 'untraced'),
    failed: { ...record.failed, roots },
    pending: [],
  };
  const { reason } = record.failed;
  const saved = await save(ports.records, read, inPhase(next, 'failed', reason, ports.clock.now()));
  if (read.pending.length > 0 || read.untraced) await wakeWaiters(context, saved, 'still failed');
}

/** @param frozen what has changed and is not followed, since a tag is built once */
async function upToDate(
  context: Context,
  read: EnverRecord,
  entry: EnverEntry,
  frozen: readonly Change[] = [],
): Promise<void> {
  const { ports } = context;
  const now = ports.clock.now();
  const settled = read.pending.length > 0 || read.failed !== undefined;
  const calm = withoutConditions(
    without(read, 'failed', 'nextAt', 'gate', 'pacedUntil', 'untraced'),
    ...DECIDED,
  );
  const next: EnverRecord = {
    ...calm,
    pending: [],
    waitsFor: [],
    ...nextLook(read),
    ...(settled && { history: noted(calm, `nothing to do: ${reasonsOf(read)}`, now) }),
  };
  const moved = read.deployed && read.source && read.source.sha !== read.deployed.vector.source.sha;
  const tagged =
    isBuilt(read) && moved
      ? withCondition(next, 'TagMoved', movedText(read), now)
      : withoutConditions(next, 'TagMoved');
  const reasons = frozen.map((change) => change.reason).join('; ');
  const frozenText = `${reasons}: not followed, since a tag is built once; make a new tag`;
  const conditioned =
    frozen.length > 0
      ? withCondition(tagged, 'BuiltOnce', frozenText, now)
      : withoutConditions(tagged, 'BuiltOnce');
  const at = read.deployed ? deployedReason(read.deployed.vector) : read.reason;
  const awaited = awaitedApprovals(read, entry).map((what) => `to be approved: ${what}`);
  const refused = read.refused ? [`not applied: ${read.refused.message}`] : [];
  const reason = [at, ...awaited, ...refused].join('; ');
  const aligned = read.deployed ? await alignRoles(context, conditioned, entry) : conditioned;
  const saved = await save(ports.records, read, inPhase(aligned, 'deployed', reason, now));
  if (settled || read.untraced) await wakeWaiters(context, saved, 'unchanged');
}

function movedText({ revision, source, deployed }: EnverRecord): string {
  const from = short(deployed?.vector.source.sha ?? '');
  return `the tag ${revision.ref} names ${short(source?.sha ?? '')} now; what was built from ${from} stays: make a new tag`;
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
  const what = `the ${entry.revision.kind} ${entry.revision.ref} of ${repoName(entry)}`;
  const now = ports.clock.now();
  const next: EnverRecord = {
    ...without(read, 'nextAt', 'gate', 'pacedUntil', 'untraced'),
    pending: [],
    waitsFor: [],
  };
  const { deployed } = read;
  const missing = deployed
    ? withCondition(next, 'SourceMissing', `${what} is gone; what was deployed keeps running`, now)
    : next;
  const [phase, reason] = deployed
    ? (['deployed', deployedReason(deployed.vector)] as const)
    : (['idle', `${what} does not exist yet`] as const);
  const saved = await save(ports.records, read, inPhase(missing, phase, reason, now));
  if (read.pending.length > 0 || read.untraced) await wakeWaiters(context, saved, 'no source');
}
