import { type EnverEntry, entryDigest } from '@ondemandenv/contracts-base';
import { short, withRoots } from './causes.js';
import type { Context } from './context.js';
import { inPhase, save, without } from './record-writes.js';
import type { EnverRecord } from './records.js';
import { dependenciesFirst, retryOnConflict } from './wake.js';

/**
 * Notes a ref's newest commit on every enver that is built from it. An enver whose own content changed is marked as
 * pending here, before any of them is looked at: one push is one change, and those downstream must see all of it.
 */
export async function refreshSources(
  context: Context,
  enverIds: readonly string[],
  head: string,
): Promise<void> {
  for (const id of await dependenciesFirst(context, enverIds))
    await retryOnConflict(async () => {
      const record = await context.ports.records.get('enver', id);
      const entry = record && context.contracts.entry(record);
      if (record && entry && isBehind(record, entry, head)) await refresh(context, record, entry, head);
    });
}

function isBehind(record: EnverRecord, entry: EnverEntry, head: string): boolean {
  if (record.deleting !== undefined || record.phase === 'retired') return false;
  // A tag is built once: the commit of its first deployment stays, wherever the tag is moved to.
  if (record.revision.kind === 'tag' && record.deployed) return false;
  return record.source?.sha !== head || record.source.entry !== entryDigest(entry);
}

async function refresh(
  context: Context,
  record: EnverRecord,
  entry: EnverEntry,
  head: string,
): Promise<void> {
  const { ports } = context;
  const at = ports.clock.now();
  const tree = await ports.source.tree(record.repo, head, [entry.workDir, ...entry.extraPaths]);
  const push = `push ${record.repo}@${head}`;
  const root = tree === record.source?.tree ? record.source.root : push;
  const source = { sha: head, tree, root, at, entry: entryDigest(entry) };
  if (tree === record.deployed?.vector.source.tree || tree === record.source?.tree) {
    await save(ports.records, record, { ...record, source });
    return;
  }
  const reason = `pushed ${short(head)}`;
  const pending = withRoots(record.pending, [{ root, reason, at }]);
  const next: EnverRecord = { ...record, source, pending, nextAt: at };
  await save(ports.records, record, record.run ? next : inPhase(next, 'waiting', reason, at));
}

/** The ref is gone: what was deployed from it keeps running, and nothing new can be. */
export async function forgetSources(context: Context, enverIds: readonly string[]): Promise<void> {
  for (const id of enverIds)
    await retryOnConflict(async () => {
      const record = await context.ports.records.get('enver', id);
      const pinned = record?.revision.kind === 'tag' && record.deployed;
      if (record?.source && !pinned) await save(context.ports.records, record, without(record, 'source'));
    });
}
