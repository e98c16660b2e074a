import { withRoots } from './causes.js';
import type { Context } from './context.js';
import { inPhase, refId, save } from './record-writes.js';
import type { EnverRecord, RootId } from './records.js';
import { enqueueWritten, retryOnConflict, saveAll } from './wake.js';

/**
 * Asks an enver to go; what it made goes first, its record last. Only clones are ever asked by what happens in git,
 * ephemeral envers when they leave the contracts, and any other when somebody confirms that.
 */
export async function requestDelete(context: Context, id: string, reason: string): Promise<void> {
  const { ports } = context;
  await retryOnConflict(async () => {
    const record = await ports.records.get('enver', id);
    if (!record || record.deleting !== undefined) return;
    const saved = await save(ports.records, record, asDeleting(record, reason, ports.clock.now()));
    await enqueueWritten(context, [saved], 'delete');
  });
}

/** Wires those clones of a set that stay as they are without this one, which goes. */
export async function leaveSet(context: Context, record: EnverRecord): Promise<void> {
  const { id, incarnation, build, repo, revision, clone } = record;
  if (!clone) return;
  const onRef = await context.ports.records.find('source', refId({ repo, revision }));
  const others = onRef.filter((other) => other !== id);
  const rewired = await saveAll(context.ports.records, others, async (enver) => {
    const { clone: member, deleting } = enver;
    if (member?.set !== clone.set || deleting !== undefined || !member.builds.includes(build)) return enver;
    const rest = member.builds.filter((one) => one !== build);
    return inSet(context, enver, rest, `${id}@${incarnation} goes`);
  });
  await enqueueWritten(context, rewired, 'set');
}

/**
 * The clone as a member of a set of these builds: what joins or leaves the set changes its wiring. It is marked for the
 * change, so that those behind it wait until it has followed.
 */
export function inSet(
  { contracts, ports }: Context,
  enver: EnverRecord,
  builds: readonly string[],
  root: RootId,
): EnverRecord {
  if (!enver.clone) return enver;
  const now = ports.clock.now();
  const moved = { ...enver, clone: { ...enver.clone, builds }, nextAt: now };
  const entry = contracts.entry(moved);
  const next = entry ? contracts.follow(moved, entry) : moved;
  if (next.entryDigest === enver.entryDigest) return next;
  const reason = 'its clone set has changed';
  const marked: EnverRecord = {
    ...next,
    untraced: true,
    pending: withRoots(next.pending, [{ root, reason, at: now }]),
  };
  return marked.run ? marked : inPhase(marked, 'waiting', reason, now);
}

/** The record of an enver that has been asked to go. */
export function asDeleting(record: EnverRecord, reason: string, now: number): EnverRecord {
  const { conditions: _, ...calm } = record;
  return inPhase(
    { ...calm, deleting: reason, deletingSince: now, pending: [], nextAt: now },
    'deleting',
    reason,
    now,
  );
}
