import type { Context } from './context.js';
import type { EnverRecord, RootId } from './records.js';

/** Whether an enver may deploy for the changes it lists. */
export type Gate =
  | { readonly state: 'open' }
  /** Upstream envers have yet to deploy for a change that this one lists too. */
  | {
      readonly state: 'waiting';
      /** In order of their ids. */
      readonly for: readonly string[];
      /** Some of them run, which has an end of its own. */
      readonly running: boolean;
    }
  /** Upstream envers failed, wait for an approval or are blocked themselves, for every change that this one lists. */
  | { readonly state: 'blocked'; readonly by: readonly string[]; readonly reason: string };

/** How long a gate stays closed while none of those that it waits for moves. */
export const MAX_CLOSED_MS = 60 * 60_000;

/**
 * The rule that makes a rollout free of glitches: an enver deploys when none upstream of it (over `deploy` edges,
 * outside its own cycle) is pending or running for a change that it lists too. A change for which an upstream
 * failed or waits for an approval holds it only if it lists no other.
 *
 * A settling enver marks its consumers before it stops counting as running, so the front of a rollout is always
 * visible somewhere upstream, to a reader who looks at dependencies first. Of somebody whose contract has changed nobody
 * knows yet which changes it will list: it holds up everybody until it was looked at.
 */
export async function gate(
  { ports, contracts }: Context,
  record: EnverRecord,
  roots: readonly RootId[],
): Promise<Gate> {
  const wanted = new Set(roots);
  const shares = (others: readonly RootId[] = []) => others.some((root) => wanted.has(root));
  const waiting: string[] = [];
  const stopping: EnverRecord[] = [];
  const stuck = new Set<RootId>();
  let running = false;
  const order = contracts.upstream(record);
  const records = order.length > 0 ? await ports.records.getMany('enver', order) : new Map();
  for (const id of order) {
    const upstream: EnverRecord | undefined = records.get(id);
    if (!upstream || upstream.phase === 'retired') continue;
    const pending = upstream.pending.map(({ root }) => root);
    const stopped = [...(upstream.failed?.roots ?? []), ...awaiting(upstream)];
    const goesOn = pending.length > 0 && upstream.phase !== 'blocked';
    const next = goesOn ? [...pending, ...(upstream.failed?.roots ?? [])] : [];
    const unknown = upstream.untraced && upstream.deleting === undefined;
    if (unknown || shares([...(upstream.run?.roots ?? []), ...next])) {
      waiting.push(id);
      running ||= upstream.run !== undefined;
    } else if (shares([...pending, ...stopped])) {
      stopping.push(upstream);
      for (const root of [...pending, ...stopped]) stuck.add(root);
    }
  }
  if (waiting.length > 0) return { state: 'waiting', for: waiting.sort(), running };
  if (stopping.length > 0 && roots.every((root) => stuck.has(root)))
    return {
      state: 'blocked',
      by: stopping.map(({ id }) => id),
      reason: stopping.map((upstream) => `${upstream.id} ${whyStopped(upstream)}`).join(', '),
    };
  return { state: 'open' };
}

/** The gate as it is noted on a record: since when exactly these envers hold it up. */
export function closedGate(
  record: EnverRecord,
  { for: ids }: Extract<Gate, { state: 'waiting' }>,
  now: number,
): NonNullable<EnverRecord['gate']> {
  const same = record.gate?.for.join() === ids.join();
  return { for: ids, since: same ? (record.gate?.since ?? now) : now };
}

function whyStopped(record: EnverRecord): string {
  if (record.failed) return 'failed';
  return record.phase === 'blocked' ? 'is blocked' : 'waits for an approval';
}

/** The changes that an enver may not follow before somebody has approved. */
function awaiting(record: EnverRecord): RootId[] {
  const requested = Object.values(record.approvals ?? {}).filter(({ state }) => state === 'requested');
  return requested.flatMap(({ roots }) => roots);
}
