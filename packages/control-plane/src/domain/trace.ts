import { type EnverEntry, producerOf } from '@ondemandenv/contracts-base';
import { type Change, productName, withRoots } from './causes.js';
import type { Context } from './context.js';
import { without } from './record-writes.js';
import type { EnverRecord, RootId } from './records.js';

/** Pending changes, with those that today's difference shows: every root is traced to what began it. */
export async function withCauses(
  context: Context,
  record: EnverRecord,
  entry: EnverEntry,
  causes: readonly Change[],
  isMissing: (path: string) => boolean,
): Promise<EnverRecord> {
  const at = context.ports.clock.now();
  const found: { root: RootId; reason: string; at: number }[] = [];
  for (const { kind, path, reason } of causes) {
    const roots = new Set<RootId>();
    if ((kind === 'first' || kind === 'source') && record.source) roots.add(record.source.root);
    if (kind === 'consumed' || kind === 'dropped' || kind === 'moved')
      roots.add(`contracts@${record.contracts}`);
    for (const input of tracedInputs(entry, kind, path))
      for (const root of await rootsOf(context, input, kind === 'input')) roots.add(root);
    // Without a placeholder there is nothing to deploy before its producer has run: that will tell for which change.
    if (kind === 'lost' && path !== undefined && !isMissing(path))
      for (const root of await rootsOfLoss(context, path, record)) roots.add(root);
    for (const root of roots) found.push({ root, reason, at });
  }
  if (record.forced) found.push({ root: record.forced, reason: `asked for: ${record.forced}`, at });
  return { ...without(record, 'untraced'), pending: withRoots(record.pending, found) };
}

/**
 * The inputs by which a cause is traced to what began it. Whatever is consumed for the first time may come from a run
 * that still goes on; over another edge than `deploy` that does not matter, since its rollout ends there.
 */
function tracedInputs(entry: EnverEntry, kind: Change['kind'], path: string | undefined): string[] {
  if (kind === 'input') return path === undefined ? [] : [path];
  if (kind !== 'first' && kind !== 'consumed') return [];
  const followed = entry.consumes.filter((use) => use.onChange === 'deploy').map((use) => use.path);
  return kind === 'first' ? followed : followed.filter((one) => one === path);
}

/** The changes that the newest value of a product may come from: of a live run, of one that failed half-way, or of the last. */
export async function rootsOf({ ports }: Context, path: string, ended: boolean): Promise<readonly RootId[]> {
  const producer = await ports.records.get('enver', producerOf(path));
  const last = producer?.failed ?? (ended ? producer?.deployed : undefined);
  return producer?.run?.roots ?? last?.roots ?? [];
}

/**
 * A value that is gone comes from no change that its producer was deployed for: nobody marked those who read it before.
 * Unless a run of the producer goes on, which is about to bring it back, it is a change of this enver's own.
 */
async function rootsOfLoss(
  context: Context,
  path: string,
  { id, deployed }: EnverRecord,
): Promise<readonly RootId[]> {
  const running = await rootsOf(context, path, false);
  const version = deployed?.vector.inputs[path] ?? '';
  return running.length > 0 ? running : [`lost ${productName(path)} ${version} to ${id}`];
}
