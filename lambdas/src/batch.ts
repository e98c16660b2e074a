import { ConflictError, ThrottledError } from '@ondemandenv/control-plane';
import { ORIGIN } from '@ondemandenv/control-plane/aws';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { about, errorFields, log } from './log.js';

const name = z.string().min(1);
/** As `WorkQueue` sends it. */
const workSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('enver'), id: name }),
  z.strictObject({ kind: z.literal('ref'), repo: name, ref: name }),
  z.strictObject({ kind: z.literal('report'), repo: name, ref: name, again: z.literal(true).optional() }),
  z.strictObject({ kind: z.literal('sync') }),
]);
type Work = z.infer<typeof workSchema>;

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 5 * 60_000;

/**
 * Carries out a batch of hints, group by group, each group in order. After a failure the rest of that group is returned
 * as failed, so that nothing overtakes; other groups go on.
 *
 * @param retryAfter makes a message visible again after a time, which is sooner or later than the queue's own
 */
export async function handleBatch(
  records: readonly SQSRecord[],
  handle: (work: Work) => Promise<void>,
  retryAfter: (receipt: string, delayMs: number) => Promise<void>,
): Promise<SQSBatchResponse> {
  const groups = new Map<string, SQSRecord[]>();
  for (const record of records) {
    const group = record.attributes.MessageGroupId ?? record.messageId;
    groups.set(group, [...(groups.get(group) ?? []), record]);
  }
  const failed = await Promise.all(
    [...groups.values()].map((group) => handleGroup(group, handle, retryAfter)),
  );
  return { batchItemFailures: failed.flat().map((itemIdentifier) => ({ itemIdentifier })) };
}

/** @returns the ids of messages that have to be delivered again */
async function handleGroup(
  group: readonly SQSRecord[],
  handle: (work: Work) => Promise<void>,
  retryAfter: (receipt: string, delayMs: number) => Promise<void>,
): Promise<string[]> {
  for (const [index, record] of group.entries()) {
    const delayMs = await about({ origin: record.messageAttributes[ORIGIN]?.stringValue }, () =>
      handleOne(record, handle),
    );
    if (delayMs === undefined) continue;
    const left = group.slice(index);
    // All of them: a queue gives out nothing of a group while any message of it is still out.
    const back = left.map(({ receiptHandle }) => retryAfter(receiptHandle, delayMs));
    for (const answer of await Promise.allSettled(back))
      if (answer.status === 'rejected')
        log('WARN', 'it comes back in the time of the queue', errorFields(answer.reason));
    return left.map(({ messageId }) => messageId);
  }
  return [];
}

/** @returns after how many milliseconds it is to be tried again, if it failed */
async function handleOne(
  record: SQSRecord,
  handle: (work: Work) => Promise<void>,
): Promise<number | undefined> {
  const attempt = Number(record.attributes.ApproximateReceiveCount);
  const start = Date.now();
  let enver: string | undefined;
  try {
    const hint = workSchema.parse(JSON.parse(record.body));
    if (hint.kind === 'enver') enver = hint.id;
    await about({ enver }, async () => {
      await handle(hint);
      log('INFO', 'a hint is carried out', { hint, attempt, ms: Date.now() - start });
    });
    return undefined;
  } catch (error) {
    const delayMs = retryDelay(error, attempt);
    const expected = error instanceof ConflictError || error instanceof ThrottledError;
    const why = expected ? { error: error.message } : errorFields(error);
    const tried = { enver, hint: record.body, attempt, delayMs, ...why };
    log(expected ? 'INFO' : 'ERROR', 'a hint is tried again', tried);
    return delayMs;
  }
}

/** Somebody else was faster: at once. Patience was asked for: so long. Anything else: ever later. */
function retryDelay(error: unknown, attempt: number): number {
  if (error instanceof ConflictError) return 0;
  if (error instanceof ThrottledError) return error.retryAfterMs;
  return Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LONGEST_RETRY_MS);
}
