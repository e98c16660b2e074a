import type { Context } from './context.js';
import type { EnverRecord } from './records.js';
import { retryOnConflict } from './wake.js';

/** How many jobs may be dispatched at once after a quiet time, in seconds' worth of the limit. */
const BURST_SECONDS = 10;

/**
 * When the next job of an enver may be dispatched: `undefined` for now. Somebody who has to wait keeps the moment
 * that was reserved for it on its record (`pacedUntil`): nobody has to queue twice, and nobody is woken in vain.
 * A reservation that is not used costs that one place.
 */
export async function pacedUntil(
  { ports, installation }: Context,
  record: EnverRecord,
): Promise<number | undefined> {
  const { dispatchesPerMinute } = installation;
  if (dispatchesPerMinute === undefined) return undefined;
  const now = ports.clock.now();
  if (record.pacedUntil !== undefined) return record.pacedUntil > now ? record.pacedUntil : undefined;
  const interval = 60_000 / dispatchesPerMinute;
  const [id = ''] = record.repo.split('/');
  return retryOnConflict(async () => {
    const pace = await ports.records.get('pace', id);
    const version = pace?.version ?? 0;
    const due = Math.max(now, pace?.next ?? now);
    const put = { kind: 'pace', id, version: version + 1, next: due + interval } as const;
    await ports.records.transact([{ put, expect: version }]);
    const at = Math.ceil(due - BURST_SECONDS * 1_000);
    return at > now ? at : undefined;
  });
}
