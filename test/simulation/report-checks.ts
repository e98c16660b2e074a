import { canonicalJson, fullRef, productPath, refKey } from '@ondemandenv/contracts-base';
import type { EnverRecord } from '@ondemandenv/control-plane';
import { Broken } from './broken.js';
import { PRODUCT } from './org-contracts.js';
import type { Stage } from './stage.js';

/** At rest: whoever works on a ref was told how its clones are, and that they are gone when they are. */
export async function checkReports({ mirror, outside, contracts }: Stage): Promise<void> {
  const wanted = new Map<string, unknown[]>();
  for (const record of mirror.envers.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (!record.clone) continue;
    const { id, phase, reason } = record;
    const path = productPath(id, PRODUCT);
    const isPublic = contracts.entry(record) !== undefined;
    const value = isPublic ? (await outside.config.getMany([path])).get(path)?.value : undefined;
    const ref = refOf(record);
    wanted.set(ref, [...(wanted.get(ref) ?? []), [id, phase, reason, value ?? 'none']]);
  }
  const told = outside.notifier.reports;
  for (const ref of new Set([...wanted.keys(), ...told.keys()])) {
    const said = (told.get(ref)?.envers ?? []).map(({ id, phase, reason, products }) => [
      id,
      phase,
      reason,
      products[0]?.value ?? 'none',
    ]);
    const [is, was] = [wanted.get(ref) ?? [], said].map((one) => canonicalJson(one));
    if (is !== was) throw new Broken(`of ${ref} people are told ${was}, and it is ${is}`);
  }
}

function refOf({ repo, revision }: EnverRecord): string {
  return refKey(repo, fullRef(revision));
}
