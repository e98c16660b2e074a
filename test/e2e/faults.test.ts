import { productPath } from '@ondemandenv/contracts-base';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Landscape } from './landscape.js';
import { CONTRACTS, FOUNDATION, SHOP } from './org.js';
import { processesWith } from './processes.js';
import { sendWebhook } from './webhook.js';

/*
 * What goes wrong on the way: webhooks that are lost, doubled, forged or of strangers, functions that die, a GitHub that
 * asks for patience. Each test goes on from where the one before ended.
 */

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const branch = (ref: string) => ({ kind: 'branch', ref }) as const;
const main = branch('main');
const ORDERS = 'orders/b..main';
const PROBE = 'probe/b..main';

let land: Landscape;
beforeAll(async () => {
  land = await Landscape.start();
  for (const [name, files] of [
    ['foundation', FOUNDATION],
    ['shop', SHOP],
    ['contracts', CONTRACTS],
  ] as const) {
    await land.github.createRepo(name);
    await land.github.push(`o/${name}`, main, { message: 'the beginning', files });
  }
  await land.phases({ 'web/b..main': 'deployed', [PROBE]: 'deployed', 'contracts/b..main': 'deployed' }, 200);
});
afterAll(() => land?.stop());

const clones = async () => Object.values(await land.envers()).filter(({ clone }) => clone !== undefined);
const dispatched = (enver: string) =>
  land.jobs.dispatched.filter(({ inputs }) => inputs.enver === enver).length;
const push = (files: Readonly<Record<string, string>>, message = 'a change', ref = main) =>
  land.github.push('o/shop', ref, { message, files });

/** Waits until the orders are deployed from a commit. */
const ordersAt = (sha: string, seconds?: number) =>
  land.until(
    `the orders at ${sha}`,
    async () => {
      const record = (await land.envers())[ORDERS];
      return record?.phase === 'deployed' && record.deployed?.vector.source.sha === sha;
    },
    seconds,
  );

it('takes a webhook that comes twice, and again later, as one', async () => {
  const sha = await push({ 'orders/a.txt': '1' });
  await ordersAt(sha);
  const before = land.jobs.dispatched.length;
  const again = { ref: 'refs/heads/main', after: sha };
  for (const delivery of ['one', 'one', 'two'])
    expect(await sendWebhook(land, 'push', 'o/shop', again, { delivery })).toBe(202);
  await land.until(
    'they are looked at',
    async () => (await land.log('ingress')).filter((line) => line.includes('"delivery":"two"')).length > 0,
  );
  await land.calm();
  expect(land.jobs.dispatched).toHaveLength(before);
});

it('refuses one that nobody signed, one that was signed with another secret, and one that says nothing', async () => {
  const unsigned = await fetch(await land.webhookUrl(), {
    method: 'POST',
    body: '{}',
    headers: { 'x-github-event': 'push', 'x-github-delivery': 'unsigned' },
  });
  expect(unsigned.status).toBe(401);
  expect(await sendWebhook(land, 'push', 'o/shop', {}, { secret: 'guessed' })).toBe(401);
  expect(await sendWebhook(land, 'push', 'o/shop', { ref: 5 })).toBe(400);
});

it('heals by its sweep what a lost webhook was about', async () => {
  const url = await land.webhookUrl();
  land.github.sendWebhooksTo('http://127.0.0.1:9/');
  const sha = await push({ 'orders/a.txt': 'lost' });
  land.github.sendWebhooksTo(url);
  await land.calm();
  expect((await land.envers())[ORDERS]?.source?.sha).not.toBe(sha);
  await land.invoke('schedule', { task: 'sweep' });
  await ordersAt(sha);
  // GitHub was asked for it again, too.
  expect((await land.log('schedule')).filter((line) => /"redelivered":[1-9]/.test(line))).not.toEqual([]);
});

it('goes on after a function was killed while it worked', async () => {
  const before = dispatched(ORDERS);
  const sha = await push({ 'orders/a.txt': 'killed' });
  const worker = ['AWS_LAMBDA_FUNCTION_NAME=odmd-reconciler', new URL(land.aws.url).port];
  const [pid] = await land.until('it works', async () => {
    const found = processesWith(...worker);
    return found.length > 0 && found;
  });
  process.kill(pid ?? 0, 'SIGKILL');
  // What it had in hand comes back when its time is over.
  await ordersAt(sha, 200);
  expect(dispatched(ORDERS)).toBe(before + 1);
});

it('is patient when GitHub asks for it', async () => {
  let refused = 0;
  land.proxy.answer = ({ method, path }) =>
    method === 'POST' && path.endsWith('/dispatches') && refused++ < 2
      ? {
          status: 403,
          headers: { 'retry-after': '2' },
          body: { message: 'You have exceeded a secondary rate limit' },
        }
      : undefined;
  const sha = await push({ 'orders/a.txt': 'patience' });
  await ordersAt(sha);
  expect(refused).toBeGreaterThanOrEqual(3);
  land.proxy.answer = () => undefined;
});

it('does nothing for a pull request of a fork whose branch has the name of one with clones', async () => {
  await push({ 'probe/a.txt': '1' }, 'odmd: create probe@main', branch('feature/x'));
  const clone = await land.until('a clone', async () => (await clones())[0]?.id);
  await land.phases({ [clone]: 'deployed' });
  const head = { ref: 'feature/x', repo: { id: 4711 } };
  expect(
    await sendWebhook(land, 'pull_request', 'o/shop', { action: 'closed', pull_request: { head } }),
  ).toBe(202);
  await land.calm();
  expect((await land.envers())[clone]?.phase).toBe('deployed');
});

it('removes the clones of a branch that is deleted', async () => {
  await land.github.deleteRef('o/shop', branch('feature/x'));
  expect(await sendWebhook(land, 'delete', 'o/shop', { ref: 'feature/x', ref_type: 'branch' })).toBe(202);
  await land.until('no clone', async () => (await clones()).length === 0);
});

it('refuses the 21st clone, in words, and changes nothing else', async () => {
  land.jobs.accepts = () => false;
  for (let number = 1; number <= 20; number++)
    await push({ 'probe/a.txt': String(number) }, 'odmd: create probe@main', branch(`many/${number}`));
  await land.until('20 clones', async () => (await clones()).length === 20, 200);
  const sha = await push({ 'probe/a.txt': '21' }, 'odmd: create probe@main', branch('many/21'));
  const comments = await land.until('an answer', async () => {
    const found: { body: string }[] = await land.github.rest('GET', `/repos/o/shop/commits/${sha}/comments`);
    return found.length > 0 && found;
  });
  expect(comments[0]?.body).toMatch(/20/);
  expect(await clones()).toHaveLength(20);
  expect(await land.value(productPath(PROBE, 'url'))).toMatchObject({ value: 'https://probe.example/' });
});
