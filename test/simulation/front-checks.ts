import { type EnverEntry, entryDigest } from '@ondemandenv/contracts-base';
import type { EnverRecord, LiveRun } from '@ondemandenv/control-plane';
import { Broken } from './broken.js';
import type { Stage } from './stage.js';

/**
 * The front of a rollout is visible upstream: whoever has yet to follow a change was told before anybody downstream
 * deploys for it. The gate can only see who was told.
 */
export function checkFront(stage: Stage, before: EnverRecord, entry: EnverEntry, run: LiveRun): void {
  // With them everybody upstream is told, and by the record everybody downstream finds it.
  if (before.entryDigest !== entryDigest(entry))
    throw new Broken(`${before.id} is deployed by contracts that were not brought to it yet`);
  for (const { path, from, onChange } of entry.consumes) {
    const [was, version] = [before.deployed?.vector.inputs[path], run.vector.inputs[path]];
    if (onChange !== 'deploy' || was === undefined || version === undefined || was === version) continue;
    const dispatch = stage.ledger.publishedBy.get(`${path} ${version}`);
    // Whoever published and failed has told nobody: that much is not to be followed.
    if (dispatch === undefined || stage.mirror.enver(from)?.deployed?.dispatchId !== dispatch) continue;
    const late = stage.contracts.upstream(before).find((id) => isUntold(stage, id, path, version));
    if (late !== undefined)
      throw new Broken(`${before.id} is deployed with ${path} ${version}, and nobody has told ${late} of it`);
  }
}

/** Whether an enver has to follow this version of an input, and shows nothing of it. */
function isUntold({ mirror, contracts }: Stage, id: string, path: string, version: string): boolean {
  const record = mirror.enver(id);
  const entry = record && contracts.entry(record);
  if (!record || !entry || record.entryDigest !== entryDigest(entry)) return false;
  const use = entry.consumes.find((one) => one.path === path);
  const has = record.deployed?.vector.inputs[path];
  if (use?.onChange !== 'deploy' || has === undefined || has === version) return false;
  const isOut = record.deleting !== undefined || record.phase === 'retired';
  // What is built once, or has lost its branch, follows nothing.
  const isFixed = record.revision.kind === 'tag' || record.source === undefined;
  return !isOut && !isFixed && !record.run && !record.failed && record.pending.length === 0;
}
