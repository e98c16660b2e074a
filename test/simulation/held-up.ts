import type { EnverRecord } from '@ondemandenv/control-plane';
import type { Stage } from './stage.js';

/**
 * Whether an enver stands still because of others, for what it is to be deployed for: blocked when every one of its
 * changes is stuck upstream, waiting when one of them still goes on there.
 */
export function isHeldUp({ contracts, mirror, clock }: Stage, record: EnverRecord): boolean {
  const roots = rootsOf(record);
  const ids = contracts.upstream(record);
  const upstream = ids.flatMap((id) => mirror.enver(id) ?? []);
  // Contracts of others have changed who is upstream of it: it finds that out when it looks again.
  const looksAgain = record.nextAt !== undefined && record.nextAt > clock.now();
  if (record.gate?.for.some((id) => !ids.includes(id)) && looksAgain) return true;
  if (record.phase === 'blocked') {
    const stuck = new Set(upstream.flatMap(stuckRoots));
    return roots.length > 0 && roots.every((root) => stuck.has(root));
  }
  const open = new Set(upstream.filter(({ phase }) => phase !== 'blocked').flatMap(rootsOf));
  return record.phase === 'waiting' && roots.some((root) => open.has(root));
}

function rootsOf({ pending, failed }: EnverRecord): string[] {
  return [...pending.map(({ root }) => root), ...(failed?.roots ?? [])];
}

/** The changes that an enver has failed for, waits for an approval for, or is blocked for itself. */
function stuckRoots({ phase, pending, failed, approvals }: EnverRecord): string[] {
  const asked = Object.values(approvals ?? {}).filter(({ state }) => state === 'requested');
  const own = phase === 'blocked' ? pending.map(({ root }) => root) : [];
  return [...own, ...(failed?.roots ?? []), ...asked.flatMap(({ roots }) => roots)];
}
