import type { Context } from './context.js';
import type { EnverRecord, RootId } from './records.js';

/** Whether an enver may deploy for the changes it lists. */
export type Gate =
  | { readonly state: 'open' }
  /** Upstream envers have yet to deploy for a change that this one lists too. */
  | { readonly state: 'waiting'; readonly for: readonly string[] }
  /** Upstream envers failed, or are blocked themselves, for every change that this one lists. */
  | { readonly state: 'blocked'; readonly by: readonly string[] };

/**
 * The rule that makes a rollout free of glitches: an enver deploys when none upstream of it (over `deploy` edges,
 * outside its own cycle) is pending or running for a change that it lists too. A change for which an upstream
 * failed holds it only if it lists no other.
 *
 * A settling enver marks its consumers before it stops counting as running, so the front of a rollout is always
 * visible somewhere upstream, to a reader who looks at dependencies first.
 */
export async function gate(
  { ports, contracts }: Context,
  record: EnverRecord,
  roots: readonly RootId[],
): Promise<Gate> {
  const wanted = new Set(roots);
  const shares = (others: readonly RootId[] = []) => others.some((root) => wanted.has(root));
  const waiting: string[] = [];
  const stopping: string[] = [];
  const stuck = new Set<RootId>();
  for (const id of contracts.upstream(record)) {
    const upstream = await ports.records.get('enver', id);
    if (!upstream || upstream.phase === 'retired') continue;
    const pending = upstream.pending.map(({ root }) => root);
    const failed = upstream.failed?.roots ?? [];
    const goesOn = pending.length > 0 && upstream.phase !== 'blocked';
    if (shares(upstream.run?.roots) || (goesOn && shares([...pending, ...failed]))) {
      waiting.push(id);
    } else if (shares([...pending, ...failed])) {
      stopping.push(id);
      for (const root of [...pending, ...failed]) stuck.add(root);
    }
  }
  if (waiting.length > 0) return { state: 'waiting', for: waiting };
  if (stopping.length > 0 && roots.every((root) => stuck.has(root)))
    return { state: 'blocked', by: stopping };
  return { state: 'open' };
}
