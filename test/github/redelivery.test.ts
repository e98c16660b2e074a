import { verifyWebhook, WebhookDeliveries } from '@ondemandenv/control-plane/github';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GitHubEmulator, type SentRequest, WEBHOOK_SECRET } from './emulator.js';
import { Receiver } from './receiver.js';

let hook: Receiver;
let emulator: GitHubEmulator;
let repo: string;
beforeEach(async () => {
  hook = await Receiver.start();
  emulator = await GitHubEmulator.start({ webhookUrl: hook.url });
  repo = await emulator.createRepo();
});
afterEach(async () => {
  await emulator.close();
  await hook.close();
});

const deliveries = (answer?: (request: SentRequest) => Response | undefined) =>
  new WebhookDeliveries(emulator.app(answer));

/** The refs of the pushes that came so far. */
function pushes(): string[] {
  return hook.received
    .filter(({ headers }) => headers['x-github-event'] === 'push')
    .map(({ body }) => JSON.parse(body.toString()).ref.replace('refs/heads/', ''));
}

async function push(branch: string): Promise<void> {
  const before = pushes().filter((ref) => ref === branch).length;
  await emulator.push(repo, { kind: 'branch', ref: branch }, { message: branch });
  await vi.waitFor(() => expect(pushes().filter((ref) => ref === branch).length).toBeGreaterThan(before));
}

/** All attempts so far, once the last of them is on GitHub's list. */
async function attempts(): Promise<{ id: number; guid: string; status_code: number; redelivery: boolean }[]> {
  const listed = () => emulator.app().itself.apps.listWebhookDeliveries({ per_page: 100 });
  await vi.waitFor(async () => expect((await listed()).data).toHaveLength(hook.received.length));
  return (await listed()).data;
}

describe('webhooks that never arrived', () => {
  it('are delivered again, the oldest first, each once it arrived', async () => {
    await push('main');
    await attempts();
    hook.status = 500;
    await push('one');
    await push('two');
    const lost = (await attempts()).filter(({ status_code }) => status_code === 500);
    hook.status = 200;
    const before = hook.received.length;
    emulator.requests.length = 0;
    expect(await deliveries().redeliverFailed(0)).toBe(lost.length);
    const asked = emulator.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
    const oldestFirst = lost.map(({ id }) => `/app/hook/deliveries/${id}/attempts`).reverse();
    expect(asked).toEqual(oldestFirst);
    const again = (await attempts()).slice(0, lost.length);
    expect(again.map(({ redelivery, status_code }) => [redelivery, status_code])).toEqual(
      lost.map(() => [true, 200]),
    );
    // It is the same webhook once more, as well signed.
    const bodies = hook.received.map(({ body, headers }) => verifyWebhook(body, headers, [WEBHOOK_SECRET]));
    const ids = bodies.map(({ delivery }) => delivery);
    expect(ids.slice(before).sort()).toEqual(lost.map(({ guid }) => guid).sort());
    expect(await deliveries().redeliverFailed(0)).toBe(0);
  });

  it('are left alone when they are older, or failed three times', async () => {
    hook.status = 500;
    await push('main');
    const [, ...first] = await attempts();
    expect(await deliveries().redeliverFailed(Date.now() + 1_000)).toBe(0);
    const lost = first.length + 1;
    for (const expected of [lost, lost, 0]) {
      expect(await deliveries().redeliverFailed(0)).toBe(expected);
      await attempts();
    }
    expect(hook.received).toHaveLength(3 * lost);
  });

  it('are found with one request for a hundred deliveries, and at most thirty are delivered again', async () => {
    const at = (minutes: number) => new Date(minutes * 60_000).toISOString();
    const failed = (id: number) => ({ id, guid: `g-${id}`, delivered_at: at(id), status_code: 502 });
    const all = Array.from({ length: 250 }, (_, index) => failed(250 - index));
    const sent: string[] = [];
    const answer = ({ method, path }: SentRequest) => {
      if (!path.startsWith('/app/hook')) return undefined;
      sent.push(`${method} ${path}`);
      if (method === 'POST') return Response.json({}, { status: path.includes('/61/') ? 422 : 202 });
      const cursor = Number(new URL(path, emulator.url).searchParams.get('cursor') ?? 0);
      const link = `<${emulator.url}/app/hook/deliveries?per_page=100&cursor=${cursor + 100}>; rel="next"`;
      return Response.json(all.slice(cursor, cursor + 100), { headers: cursor < 200 ? { link } : {} });
    };
    // One of them is too old for GitHub by now.
    expect(await deliveries(answer).redeliverFailed(60 * 60_000)).toBe(29);
    expect(sent.filter((text) => text.startsWith('GET'))).toHaveLength(2);
    const redelivered = sent.filter((text) => text.startsWith('POST'));
    expect(redelivered).toHaveLength(30);
    expect(redelivered[0]).toBe('POST /app/hook/deliveries/60/attempts');
  });

  it('are looked for later when GitHub asks for patience', async () => {
    const answer = ({ path }: SentRequest) =>
      path.startsWith('/app/hook')
        ? Response.json({ message: 'slow down' }, { status: 429, headers: { 'retry-after': '9' } })
        : undefined;
    await expect(deliveries(answer).redeliverFailed(0)).rejects.toMatchObject({ retryAfterMs: 9_000 });
  });
});
