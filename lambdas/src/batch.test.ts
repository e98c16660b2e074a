import { ConflictError, ThrottledError } from '@ondemandenv/control-plane';
import type { SQSRecord } from 'aws-lambda';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { handleBatch } from './batch.js';

beforeEach(() => void vi.spyOn(process.stdout, 'write').mockReturnValue(true));
afterEach(() => vi.restoreAllMocks());

function message(messageId: string, group: string, body: unknown, attempt = 1): SQSRecord {
  return {
    messageId,
    receiptHandle: `receipt of ${messageId}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { MessageGroupId: group, ApproximateReceiveCount: String(attempt) },
    messageAttributes: { origin: { dataType: 'String', stringValue: 'webhook d-1' } },
  } as unknown as SQSRecord;
}

const enver = (id: string) => ({ kind: 'enver', id });

async function run(records: SQSRecord[], fail: Record<string, Error> = {}) {
  const handled: string[] = [];
  const retried: [string, number][] = [];
  const { batchItemFailures } = await handleBatch(
    records,
    async (work) => {
      const key = work.kind === 'enver' ? work.id : work.kind;
      handled.push(key);
      if (fail[key]) throw fail[key];
    },
    async (receipt, delayMs) => void retried.push([receipt, delayMs]),
  );
  return { handled, retried, failures: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

it('carries out every hint', async () => {
  const ref = { repo: 'o/r', ref: 'refs/heads/x' };
  const works = [{ kind: 'sync' }, { kind: 'ref', ...ref }, { kind: 'report', ...ref, again: true }];
  const records = [enver('a'), ...works].map((work, n) => message(`${n}`, `${n}`, work));
  const handled = ['a', 'sync', 'ref', 'report'];
  expect(await run(records)).toEqual({ handled, retried: [], failures: [] });
  const [line] = vi.mocked(process.stdout.write).mock.calls[0] ?? [];
  expect(JSON.parse(String(line))).toEqual({
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    level: 'INFO',
    message: 'a hint is carried out',
    origin: 'webhook d-1',
    enver: 'a',
    hint: enver('a'),
    attempt: 1,
    ms: expect.any(Number),
  });
});

it('returns the rest of a group after a failure, and goes on with others', async () => {
  const records = [
    message('1', 'a', enver('bad'), 3),
    message('2', 'a', enver('later')),
    message('3', 'b', enver('fine')),
  ];
  const result = await run(records, { bad: new Error('no') });
  expect(result.failures).toEqual(['1', '2']);
  expect(result.handled.sort()).toEqual(['bad', 'fine']);
  // Also what was not begun: while it is out, the queue gives out nothing of its group.
  expect(result.retried).toEqual([
    ['receipt of 1', 4_000],
    ['receipt of 2', 4_000],
  ]);
});

it('comes back at once after a race, and as late as somebody asks for', async () => {
  const records = [message('1', 'a', enver('a')), message('2', 'b', enver('b'))];
  const { retried } = await run(records, { a: new ConflictError('x'), b: new ThrottledError('x', 77_000) });
  expect(retried.sort()).toEqual([
    ['receipt of 1', 0],
    ['receipt of 2', 77_000],
  ]);
});

it.each(['no JSON', '{"kind":"else"}', '{"kind":"enver"}'])(
  'sets aside %j in the end, like any failure',
  async (body) => {
    expect((await run([message('1', 'a', body)])).failures).toEqual(['1']);
  },
);
