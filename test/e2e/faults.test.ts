import { productPath } from '@ondemandenv/contracts-base';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Landscape } from './landscape.js';
import { livingOrg } from './living-org.js';
import { contractsModule } from './org.js';
import { killedAt, killFunction } from './processes.js';
import { sendWebhook } from './webhook.js';

/*
 * What goes wrong on the way: webhooks that are lost, doubled, forged or of strangers, functions that die, a GitHub that
 * asks for patience. Each test goes on from where the one before ended.
 */

vi.setConfig({ testTimeout: 300_000, hookTimeout: 600_000 });

const branch = (ref: string) => ({ kind: 'branch', ref }) as const;
const main = branch('main');
const ORDERS = 'orders/b..main';
const PROBE = 'probe/b..main';

let land: Landscape;
beforeAll(async () => {
  land = await livingOrg();
});
afterAll(() => land?.stop());

const clones = async () => Object.values(await land.envers()).filter(({ clone }) => clone !== undefined);
const dispatched = (enver: string) =>
  land.jobs.dispatched.filter(({ inputs }) => inputs.enver === enver).length;
let shop = 'o/shop';
const push = (files: Readonly<Record<string, string>>, message = 'a change', ref = main) =>
  land.github.push(shop, ref, { message, files });

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
  // Every log says what followed from it, down to each enver.
  await land.until('they are looked at', async () =>
    (await land.log('reconciler')).some(
      (line) => line.includes('"origin":"webhook two"') && line.includes(`"enver":"${ORDERS}"`),
    ),
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

describe('a function that is killed half-way', () => {
  it.each([
    ['when it has put the hint on the queue', 'sqs:SendMessage'],
    ['before it has put the hint on the queue', 'secretsmanager:GetSecretValue'],
  ])('ingress, %s', async (_when, action) => {
    await killFunction(land, 'ingress');
    const before = dispatched(ORDERS);
    let sha = '';
    await killedAt(land, 'ingress', action, async () => {
      sha = await push({ 'orders/a.txt': action });
    });
    await land.invoke('schedule', { task: 'sweep' });
    await ordersAt(sha);
    await land.calm();
    expect(dispatched(ORDERS)).toBe(before + 1);
  });

  it('intake', async () => {
    const before = [ORDERS, 'web/b..main'].map(dispatched);
    const files = { 'name.txt': 'other' };
    await killedAt(land, 'intake', 'sqs:SendMessage', () =>
      land.github.push('o/foundation', main, { message: 'another queue', files }),
    );
    await land.until('web has it', async () => {
      const url = (await land.value(productPath('web/b..main', 'url')))?.value;
      return /other.*other/.test(String(url)) && (await land.envers())['web/b..main']?.phase === 'deployed';
    });
    await land.invoke('schedule', { task: 'sweep' });
    await land.calm();
    expect([ORDERS, 'web/b..main'].map(dispatched)).toEqual(before.map((times) => times + 1));
  });

  it('schedule', async () => {
    const before = dispatched(ORDERS);
    const url = await land.webhookUrl();
    land.github.sendWebhooksTo('http://127.0.0.1:9/');
    const sha = await push({ 'orders/a.txt': 'swept' });
    land.github.sendWebhooksTo(url);
    await killedAt(land, 'schedule', 'sqs:SendMessage', () => land.invoke('schedule', { task: 'sweep' }));
    await land.calm();
    expect((await land.envers())[ORDERS]?.source?.sha).not.toBe(sha);
    await land.invoke('schedule', { task: 'sweep' });
    await ordersAt(sha);
    await land.calm();
    expect(dispatched(ORDERS)).toBe(before + 1);
  });

  it('provisioner', async () => {
    const ref = branch('feature/provisioned');
    await killedAt(
      land,
      'provisioner',
      'cloudformation:CreateStack',
      () => push({ 'probe/a.txt': '1' }, 'odmd: create probe@main', ref),
      'role/odmd-provisioner/',
    );
    const clone = await land.until('a clone', async () => (await clones())[0]?.id);
    await land.phases({ [clone]: 'deployed' });
    await land.calm();
    expect(dispatched(clone)).toBe(1);
    await push({}, 'odmd: delete', ref);
    await land.until('no clone', async () => (await clones()).length === 0);
  });

  it('reconciler, when GitHub has started the job that it asked for', async () => {
    const before = dispatched(ORDERS);
    let killed = 0;
    land.proxy.answer = ({ method, path }) => {
      // The request goes on to GitHub, and its answer to nobody.
      if (method === 'POST' && path.endsWith('/dispatches') && killed++ === 0)
        void killFunction(land, 'reconciler');
      return undefined;
    };
    const sha = await push({ 'orders/a.txt': 'killed' });
    // What it had in hand comes back when its time is over.
    await ordersAt(sha, 200);
    land.proxy.answer = () => undefined;
    expect(killed).toBe(1);
    expect(dispatched(ORDERS)).toBe(before + 1);
  });
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

describe('a repository that cannot be found under its name any more', () => {
  const rename = (from: string, name: string) => land.github.rest('PATCH', `/repos/o/${from}`, { name });
  const transfer = (from: string, new_owner: string) =>
    land.github.rest('POST', `/repos/${from}/shop/transfer`, { new_owner });

  /** Tells the platform, and sees to it that nothing is lost. What it believes of a repository it believes for a minute. */
  async function keepsAll(action: string, name: string, said: RegExp): Promise<void> {
    const before = await land.envers();
    for (const one of ['reconciler', 'schedule']) await killFunction(land, one);
    expect(await sendWebhook(land, 'repository', name, { action })).toBe(202);
    await land.invoke('schedule', { task: 'sweep' });
    await land.until('it is said', async () =>
      (await land.log('reconciler')).some((line) => line.includes('ODMD431') && said.test(line)),
    );
    const after = await land.envers();
    expect(Object.keys(after)).toEqual(Object.keys(before));
    for (const [id, { phase }] of Object.entries(before)) expect(after[id]?.phase, id).toBe(phase);
  }

  it('keeps all that it has when it was transferred, and goes on when it is back', async () => {
    await land.calm();
    const { length } = land.jobs.dispatched;
    await transfer('o', 'admin');
    await keepsAll('transferred', 'admin/shop', /o\/shop cannot be found any more/);
    await transfer('admin', 'o');
    await ordersAt(await push({ 'orders/a.txt': 'back' }), 200);
    await land.calm();
    expect(land.jobs.dispatched.slice(length).map(({ inputs }) => inputs.enver)).toEqual([ORDERS]);
  });

  it('keeps all that it has when it was renamed, and goes on when the contracts say so', async () => {
    await land.calm();
    const { length } = land.jobs.dispatched;
    const { id } = await rename('shop', 'store');
    // GitHub leads from the former name to the repository.
    const location = `${land.proxy.url}/repositories/${id}`;
    land.proxy.answer = ({ path }) =>
      path === '/repos/o/shop' ? { status: 301, headers: { location } } : undefined;
    await keepsAll('renamed', 'o/store', /it is called o\/store now/);
    const files = { 'index.js': contractsModule({ shop: 'store' }) };
    await land.github.push('o/contracts', main, { message: 'the new name', files });
    shop = 'o/store';
    await land.until('it is known', async () => (await land.envers())[ORDERS]?.repo === shop);
    await ordersAt(await push({ 'orders/a.txt': 'store' }), 200);
    // Hints about the former name are tried for some time yet.
    await land.until('no job is left', async () => land.jobs.idle);
    const dispatched = land.jobs.dispatched.slice(length).map(({ inputs }) => inputs.enver);
    expect(dispatched).toEqual(['contracts/b..main', ORDERS]);
  });
});

it('removes the clones of a branch that is deleted', async () => {
  await land.github.deleteRef(shop, branch('feature/x'));
  expect(await sendWebhook(land, 'delete', shop, { ref: 'feature/x', ref_type: 'branch' })).toBe(202);
  await land.until('no clone', async () => (await clones()).length === 0);
});

it('refuses the 21st clone, in words, and changes nothing else', async () => {
  land.jobs.accepts = () => false;
  for (let number = 1; number <= 20; number++)
    await push({ 'probe/a.txt': String(number) }, 'odmd: create probe@main', branch(`many/${number}`));
  await land.until('20 clones', async () => (await clones()).length === 20, 200);
  const sha = await push({ 'probe/a.txt': '21' }, 'odmd: create probe@main', branch('many/21'));
  const comments = await land.until('an answer', async () => {
    const found: { body: string }[] = await land.github.rest('GET', `/repos/${shop}/commits/${sha}/comments`);
    return found.length > 0 && found;
  });
  expect(comments[0]?.body).toMatch(/20/);
  expect(await clones()).toHaveLength(20);
  expect(await land.value(productPath(PROBE, 'url'))).toMatchObject({ value: 'https://probe.example/' });
});
