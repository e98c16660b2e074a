import { type EnverEntry, entryDigest } from '@ondemandenv/contracts-base';
import { short, withRoots } from './causes.js';
import type { Context } from './context.js';
import { inPhase, isBuilt, save, without } from './record-writes.js';
import type { EnverRecord } from './records.js';
import { dependenciesFirst, retryOnConflict, saveAll } from './wake.js';

/**
 * Notes a ref's newest commit on every enver that is built from it. An enver whose own content changed is marked as
 * pending here, before any of them is looked at: one push is one change, and those downstream must see all of it.
 */
export async function refreshSources(
  context: Context,
  enverIds: readonly string[],
  head: string,
): Promise<void> {
  await saveAll(context.ports.records, await dependenciesFirst(context, enverIds), async (record) => {
    if (record.deleting !== undefined || record.phase === 'retired') return record;
    const entry = context.contracts.entry(record);
    if (entry) return isBehind(record, entry, head) ? refreshed(context, record, entry, head) : record;
    // Contracts that have it again must not take what it was built from before for the newest.
    return record.source?.sha === head ? record : without(record, 'source');
  });
}

function isBehind({ source }: EnverRecord, entry: EnverEntry, head: string): boolean {
  return source?.sha !== head || source.entry !== entryDigest(entry);
}

async function refreshed(
  { ports }: Context,
  record: EnverRecord,
  entry: EnverEntry,
  head: string,
): Promise<EnverRecord> {
  const now = ports.clock.now();
  const before = record.source;
  const tree = await ports.source.tree(record.repo, head, [entry.workDir, ...entry.extraPaths]);
  const root = before && tree === before.tree ? before.root : `push ${record.repo}@${head}`;
  // A new contract is no push: it does not put off a clone's expiry.
  const at = before?.sha === head ? before.at : now;
  const next: EnverRecord = {
    ...record,
    source: { sha: head, tree, root, at, entry: entryDigest(entry) },
    // What has happened while it had no source was not followed, and is known to nobody.
    ...(!before && { untraced: true, nextAt: now }),
  };
  // What is being deployed counts: a push that takes it back has to be followed afterwards.
  const current = (record.run ?? record.deployed)?.vector.source.tree;
  if (isBuilt(record) || tree === current || tree === before?.tree) return next;
  const reason = `pushed ${short(head)}`;
  const marked = { ...next, pending: withRoots(record.pending, [{ root, reason, at: now }]), nextAt: now };
  return record.run ? marked : inPhase(marked, 'waiting', reason, now);
}

/** The ref is gone: what was deployed from it keeps running, and nothing new can be. */
export async function forgetSources(context: Context, enverIds: readonly string[]): Promise<void> {
  for (const id of enverIds)
    await retryOnConflict(async () => {
      const record = await context.ports.records.get('enver', id);
      if (record?.source) await save(context.ports.records, record, without(record, 'source'));
    });
}
