import { withCondition, withoutConditions } from './conditions.js';
import type { Context } from './context.js';
import { closedGate, gate, MAX_CLOSED_MS } from './gate.js';
import { inPhase, save, without } from './record-writes.js';
import type { ConditionType, EnverRecord, RootId } from './records.js';
import { enqueueWritten, wakeWaiters } from './wake.js';

/** How often an enver on a cycle is deployed for one change, before the cycle counts as one that never settles. */
const MAX_ROUNDS = 5;
/** Conditions that every decision about a deployment makes or ends. */
export const DECIDED: readonly ConditionType[] = [
  'CycleDoesNotSettle',
  'GateOpened',
  'SourceMissing',
  'TagWithoutWorkflow',
  'WaitingForWorkflow',
];
/** How often a waiting enver looks at its gate without a hint. */
const RECHECK_MS = 60_000;

/** What keeps an enver from being deployed for now. */
export interface Hold {
  readonly phase?: 'waiting' | 'blocked';
  readonly reason: string;
  readonly waitsFor: readonly string[];
  readonly condition?: ConditionType;
  readonly gate?: NonNullable<EnverRecord['gate']>;
  readonly pacedUntil?: number;
  /** It held for too long, and does so no more. */
  readonly opened?: boolean;
}

/** Whether those upstream, or its own cycle, hold up a deployment for these changes. */
export async function heldUp(
  context: Context,
  wanted: EnverRecord,
  roots: readonly RootId[],
): Promise<Hold | undefined> {
  const rounds = roots.map((root) => wanted.rounds?.[root] ?? 0);
  if (rounds.every((count) => count >= MAX_ROUNDS) && context.contracts.cycleOf(wanted).size > 0) {
    const reason = `its cycle does not settle: it was deployed ${MAX_ROUNDS} times for the same change`;
    return { phase: 'blocked', reason, waitsFor: [], condition: 'CycleDoesNotSettle' };
  }
  const state = await gate(context, wanted, roots);
  if (state.state === 'blocked') return { phase: 'blocked', reason: state.reason, waitsFor: state.by };
  if (state.state === 'open') return undefined;
  const now = context.ports.clock.now();
  const closed = closedGate(wanted, state, now);
  const opened = !state.running && now - closed.since >= MAX_CLOSED_MS;
  return { reason: `behind ${state.for.join(', ')}`, waitsFor: state.for, gate: closed, opened };
}

/** What is about to be deployed is held up no more; if that is only because it took too long, its team is told. */
export async function withoutHold(
  { ports }: Context,
  wanted: EnverRecord,
  held: Hold | undefined,
): Promise<EnverRecord> {
  const free = withoutConditions(without(wanted, 'gate'), ...DECIDED);
  if (!held) return free;
  const message = `it is deployed without ${held.waitsFor.join(', ')}, which did not move for ${MAX_CLOSED_MS / 60_000} minutes`;
  await ports.notifier.alarm({ enver: wanted.id, message: `${wanted.id}: ${message}` });
  return withCondition(free, 'GateOpened', message, ports.clock.now());
}

/** Waits, and looks once more afterwards: who it waits for may have settled before it could be found as a waiter. */
export async function wait(
  context: Context,
  read: EnverRecord,
  record: EnverRecord,
  hold: Hold,
): Promise<void> {
  const { ports } = context;
  const { phase = 'waiting', reason, waitsFor, condition } = hold;
  const now = ports.clock.now();
  const recheck = record.nextAt === undefined || record.nextAt <= now ? now + RECHECK_MS : record.nextAt;
  const others = DECIDED.filter((type) => type !== condition);
  const bare = withoutConditions(without(record, 'gate', 'pacedUntil'), ...others);
  const next: EnverRecord = {
    ...(condition ? withCondition(bare, condition, reason, now) : bare),
    waitsFor: [...new Set(waitsFor)].sort(),
    nextAt: hold.pacedUntil ?? recheck,
    ...(hold.gate && { gate: hold.gate }),
    ...(hold.pacedUntil !== undefined && { pacedUntil: hold.pacedUntil }),
  };
  const saved = await save(ports.records, read, inPhase(next, phase, reason, now));
  if (read.untraced) await wakeWaiters(context, saved, 'traced');
  const news = saved.phase !== read.phase || saved.waitsFor.join() !== read.waitsFor.join();
  if (!news) return;
  await enqueueWritten(context, [saved], 'recheck');
  if (phase === 'blocked') {
    await ports.events.publish([
      { type: 'EnverBlocked', detail: { enver: record.id, by: [...waitsFor], reason } },
    ]);
    await wakeWaiters(context, saved, 'blocked');
  }
}
