import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
} from '@aws-sdk/client-eventbridge';
import { EVENT_BUS, productPath } from '@ondemandenv/contracts-base';
import { WebhookDeliveries } from '@ondemandenv/control-plane/github';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { INSTALLATION } from '../github/emulator.js';
import type { Landscape } from './landscape.js';
import { livingOrg } from './living-org.js';
import { contractsModule } from './org.js';
import { killedAt, killFunction } from './processes.js';
import { losingWebhook, sendWebhook, withoutWebhooks } from './webhook.js';

/*
 * What goes wrong on the way: webhooks and events that are lost, webhooks that are doubled, forged or of strangers,
 * functions that die, a GitHub that asks for patience. Each test goes on from where the one before ended.
 */

vi.setConfig({ testTimeout: 300_000, hookTimeout: 600_000 });

const branch = (ref: string) => ({ kind: 'branch', ref }) as const;
const main = branch('main');
const ORDERS = 'orders/b..main';
const PROBE = 'probe/b..main';
const FOUNDATION = 'foundation/b..main';

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

/** Makes a clone of the probe. @returns its id, once it is deployed */
async function cloned(name: string, command = 'odmd: create probe@main'): Promise<string> {
  await push({ 'probe/a.txt': name }, command, branch(name));
  const id = await land.until('a clone', async () => (await clones())[0]?.id);
  await land.phases({ [id]: 'deployed' });
  return id;
}
const noClone = () => land.until('no clone', async () => (await clones()).length === 0);

/** What a function has logged, but for what Lambda says itself. */
async function logged(name: string) {
  const lines = (await land.log(name)).map((line) => line.slice(line.indexOf(' ') + 1).trim());
  return lines.filter((line) => line.startsWith('{')).map((line): Line => JSON.parse(line));
}
interface Line {
  readonly origin?: string;
  readonly enver?: string;
  readonly source?: string;
  readonly account?: string;
  readonly event?: string;
  readonly hints?: readonly unknown[];
  readonly redelivered?: number;
}

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

it('hears from the other accounts how stacks go, and needs no tick for that', async () => {
  const ref = branch('feature/events');
  await push({ 'probe/a.txt': 'events' }, 'odmd: create probe@main', ref);
  // Whoever waits with the landscape lets it tick.
  const clone = await vi.waitFor(
    async () => {
      const [made] = await clones();
      expect(made?.phase).toBe('deployed');
      return made?.id;
    },
    { timeout: 120_000, interval: 500 },
  );
  const events = (await logged('intake')).filter(({ source }) => source === 'aws.cloudformation');
  const { workspace1, workspace2 } = land.accounts;
  expect(events.map(({ account }) => account)).toEqual(expect.arrayContaining([workspace1, workspace2]));
  const theirs = events.filter(({ account }) => account === workspace2).map(({ origin }) => origin);
  const looks = (await logged('reconciler')).filter(({ enver }) => enver === clone);
  expect(looks.filter(({ origin }) => theirs.includes(origin))).not.toEqual([]);
  await push({}, 'odmd: delete', ref);
  await noClone();
});

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

it('does nothing for one that GitHub signed for somebody else who installed the App', async () => {
  const about = { ref: 'refs/heads/main' };
  for (const [delivery, installation] of [
    ['of-a-stranger', INSTALLATION + 1],
    ['of-the-org', INSTALLATION],
  ] as const)
    expect(await sendWebhook(land, 'push', 'o/shop', about, { delivery, installation })).toBe(202);
  const of = async (delivery: string) =>
    (await logged('ingress')).find(({ origin }) => origin === `webhook ${delivery}`);
  await land.until('both are noted', async () => (await of('of-a-stranger')) && (await of('of-the-org')));
  expect(await of('of-a-stranger')).toMatchObject({ hints: [] });
  expect(await of('of-the-org')).toMatchObject({ hints: [{ kind: 'ref' }] });
});

describe('a webhook that is lost', () => {
  let sha: string;
  let guid: string;
  beforeEach(async () => {
    await land.calm();
    guid = await losingWebhook(land, 'push', async () => {
      sha = await push({ 'orders/a.txt': expect.getState().currentTestName ?? '' });
    });
    await land.calm();
    expect((await land.envers())[ORDERS]?.source?.sha).not.toBe(sha);
  });

  it('is taken when GitHub delivers it again', async () => {
    // As the sweep does, which would find the commit by itself.
    expect(await new WebhookDeliveries(land.github.app()).redeliverFailed(0)).toBe(1);
    await ordersAt(sha);
    const taken = (await logged('ingress')).filter(({ origin }) => origin === `webhook ${guid}`);
    expect(taken).toMatchObject([{ event: 'push', hints: [{ kind: 'ref' }] }]);
  });

  it('is not needed by the sweep, which also has it delivered again', async () => {
    await withoutWebhooks(land, async () => {
      await land.invoke('schedule', { task: 'sweep' });
      await land.until('the commit', async () => (await land.envers())[ORDERS]?.source?.sha === sha);
    });
    await ordersAt(sha);
    expect((await logged('schedule')).map(({ redelivered }) => redelivered)).toContain(1);
    expect((await logged('ingress')).map(({ origin }) => origin)).not.toContain(`webhook ${guid}`);
  });
});

it('heals by its sweep what the lost events of a job were about, and the lost webhook of its end', async () => {
  const consumers = [ORDERS, 'billing/b..main', 'web/b..main'];
  const before = consumers.map(dispatched);
  const events = new EventBridgeClient(land.as('central'));
  const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName: EVENT_BUS }));
  const fromJobs = Rules.find(({ EventPattern }) => EventPattern?.includes('odmd.enver/'));
  const rule = { Name: fromJobs?.Name, EventBusName: EVENT_BUS };
  land.jobs.accepts = ({ inputs }) => inputs.enver !== FOUNDATION;
  const files = { 'name.txt': 'unheard' };
  await land.github.push('o/foundation', main, { message: 'another queue', files });
  await land.phases({ [FOUNDATION]: 'running' });
  const { length } = land.jobs.ended;
  await withoutWebhooks(land, async () => {
    await events.send(new DisableRuleCommand(rule));
    land.jobs.accepts = () => true;
    await land.until('the job has ended', async () => land.jobs.ended.length > length);
    await events.send(new EnableRuleCommand(rule));
    await land.calm();
    expect(String((await land.value(productPath(FOUNDATION, 'queue')))?.value)).toContain('unheard');
    expect((await land.envers())[FOUNDATION]?.phase).toBe('running');
    expect(consumers.map(dispatched)).toEqual(before);
    await land.invoke('schedule', { task: 'sweep' });
    await land.until('what follows', async () => dispatched(ORDERS) > (before[0] ?? 0));
  });
  await land.until(
    'web has it',
    async () => {
      const url = (await land.value(productPath('web/b..main', 'url')))?.value;
      return (
        /unheard.*unheard/.test(String(url)) && (await land.envers())['web/b..main']?.phase === 'deployed'
      );
    },
    200,
  );
  await land.calm();
  expect(consumers.map(dispatched)).toEqual(before.map((times) => times + 1));
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
    let sha = '';
    await losingWebhook(land, 'push', async () => {
      sha = await push({ 'orders/a.txt': 'swept' });
    });
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
    await noClone();
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

it('removes a clone when its own pull request is closed, and not when one of a fork of that branch name is', async () => {
  const clone = await cloned('feature/x', 'odmd: create probe@main until=pr');
  await land.github.rest('POST', `/repos/${shop}/forks`, { name: 'fork' });
  await (await land.github.openPullRequest(shop, 'admin:feature/x')).close();
  const webhooks = async () => (await logged('ingress')).filter(({ event }) => event === 'pull_request');
  await land.until('both are noted', async () => (await webhooks()).length === 2);
  expect((await webhooks()).map(({ hints }) => hints)).toEqual([[], []]);
  // Which asks GitHub for all that were closed.
  await land.invoke('schedule', { task: 'sweep' });
  await land.calm();
  expect((await land.envers())[clone]?.phase).toBe('deployed');
  const own = await land.github.openPullRequest(shop, 'feature/x');
  await land.calm();
  expect((await land.envers())[clone]?.phase).toBe('deployed');
  await own.close();
  await noClone();
  await land.github.deleteRef(shop, branch('feature/x'));
});

describe('a repository that cannot be found under its name any more', () => {
  beforeAll(() => cloned('feature/kept'));

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
  expect(await clones()).toMatchObject([{ phase: 'deployed', revision: branch('feature/kept') }]);
  await land.github.deleteRef(shop, branch('feature/kept'));
  expect(await sendWebhook(land, 'delete', shop, { ref: 'feature/kept', ref_type: 'branch' })).toBe(202);
  await noClone();
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
