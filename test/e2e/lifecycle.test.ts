import { ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { dispatchStatePath, productPath, roleNames } from '@ondemandenv/contracts-base';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { notRefused } from './attempts.js';
import { attemptsOn } from './forbidden.js';
import { identityCases } from './identity-cases.js';
import { inventory } from './inventory.js';
import { jobIdentity } from './job-identity.js';
import { Landscape } from './landscape.js';
import { leastPrivilegeCases } from './least-privilege-cases.js';
import { operatorCases } from './operator-cases.js';
import { CONTRACTS, contractsModule, FOUNDATION, SHOP } from './org.js';
import { ask, mayAsk, newRole } from './people.js';

/*
 * The life of a small org on the platform as it is deployed: AWS with its policies enforced, GitHub with signed webhooks,
 * and jobs that run what is committed. Each test goes on from where the one before ended.
 */

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const branch = (ref: string) => ({ kind: 'branch', ref }) as const;
const main = branch('main');
const ENVERS = ['contracts', 'foundation', 'orders', 'billing', 'web', 'probe'].map(
  (build) => `${build}/b..main`,
);

let land: Landscape;
let installed: string[];
beforeAll(async () => {
  land = await Landscape.start();
  installed = await inventory(land);
});
afterAll(() => land?.stop());

/** What is dispatched meanwhile: how often each enver, in the order of the first time. */
async function dispatchesOf(change: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = land.jobs.dispatched.length;
  await change();
  const times: Record<string, number> = {};
  for (const { inputs } of land.jobs.dispatched.slice(before))
    times[inputs.enver ?? ''] = (times[inputs.enver ?? ''] ?? 0) + 1;
  return times;
}

/** A comment as a person reads it. */
const readable = (html: string) =>
  html.replace(/&#(\d+);/g, (_all, code) => String.fromCodePoint(Number(code)));
const urlOf = async (enver: string) => (await land.value(productPath(enver, 'url')))?.value;
const all = (ids: readonly string[], phase: string | undefined) =>
  Object.fromEntries(ids.map((id) => [id, phase]));
/** Ids of the clones that there are. */
const clones = async () =>
  Object.values(await land.envers()).flatMap(({ id, clone }) => (clone === undefined ? [] : [id]));

it('does nothing about what is not in the contracts', async () => {
  for (const name of ['contracts', 'foundation', 'shop', 'stranger']) await land.github.createRepo(name);
  for (const [name, files] of [
    ['foundation', FOUNDATION],
    ['shop', SHOP],
    ['stranger', SHOP],
  ] as const)
    await land.github.push(`o/${name}`, main, { message: 'something\n\nodmd: create@main', files });
  await land.until(
    'three pushes are looked at',
    async () => (await land.log('ingress')).filter((line) => line.includes('"event":"push"')).length >= 3,
  );
  expect(land.jobs.dispatched).toEqual([]);
  expect((await inventory(land)).filter((one) => / (role|stack|object|queue) /.test(one))).toEqual(
    installed.filter((one) => / (role|stack|object|queue) /.test(one)),
  );
});

it('obeys the contracts that are published: roles where they say, workflows in the repositories, jobs in order', async () => {
  const dispatched = await dispatchesOf(async () => {
    await land.github.push('o/contracts', main, { message: 'the contracts', files: CONTRACTS });
    await land.phases(all(ENVERS, 'deployed'), 180);
  });
  expect(dispatched).toEqual(Object.fromEntries(ENVERS.map((id) => [id, 1])));
  const order = land.jobs.dispatched.map(({ inputs }) => inputs.enver ?? '');
  const at = (build: string) => order.indexOf(`${build}/b..main`);
  expect(at('foundation')).toBeLessThan(Math.min(at('orders'), at('billing')));
  expect(at('web')).toBeGreaterThan(Math.max(at('orders'), at('billing')));
  expect(await urlOf('web/b..main')).toBe(
    'https://web.example/?https://orders.example/foundation--main--first&https://billing.example/foundation--main--first',
  );

  const made = (await inventory(land)).filter((one) => !installed.includes(one));
  const roles = ENVERS.flatMap((id) => {
    const names = roleNames(id);
    const account = /^(billing|web|probe)/.test(id) ? 'workspace2' : 'workspace1';
    return [
      `central role ${names.central}`,
      `${account} role ${names.build}`,
      ...(id.startsWith('foundation') ? [`${account} role ${names.exec}`] : []),
      ...(id.startsWith('orders')
        ? ['central', account].map((where) => `${where} role ${names.runtime}`)
        : []),
    ];
  });
  // That of the CDK app's own function is the app's.
  const ofPlatform = made.filter((one) => one.includes(' role ') && !one.includes('ReaderServiceRole'));
  expect(ofPlatform).toEqual(roles.sort());
  const listed: { path: string }[] = await land.github.rest(
    'GET',
    '/repos/o/shop/contents/.github/workflows',
  );
  expect(listed.map(({ path }) => path)).toHaveLength(8);
  await expect(land.github.rest('GET', '/repos/o/stranger/contents/.github')).rejects.toThrow('404');
});

it('deploys what uses a changed product once, after all that it waits for', async () => {
  const dispatched = await dispatchesOf(async () => {
    await land.github.push('o/foundation', main, {
      message: 'another queue',
      files: { 'name.txt': 'second' },
    });
    await land.until(
      'web has both',
      async () =>
        /second.*second/.test(String(await urlOf('web/b..main'))) &&
        (await land.envers())['web/b..main']?.phase === 'deployed',
    );
  });
  expect(dispatched).toEqual({
    'foundation/b..main': 1,
    'orders/b..main': 1,
    'billing/b..main': 1,
    'web/b..main': 1,
  });
});

it('shows the stacks of an enver as the platform has made them', async () => {
  const { id, owner } = await land.github.rest('GET', '/repos/o/foundation');
  const diff = (account: string, stack: string, repoId: number) => {
    const settings = [`manifest=${land.manifestFile}`, 'enver=foundation/b..main'];
    const numbers = [`repoId=${repoId}`, `ownerId=${owner.id}`];
    const context = [...settings, ...numbers].flatMap((one) => ['-c', one]);
    return land.cdk(account, 'diff', stack, ...context, '--fail');
  };
  const none = 'Number of stacks with differences: 0';
  expect((await diff('workspace1', 'Enver', id)).log).toContain(none);
  expect((await diff('central', 'EnverCentral', id)).log).toContain(none);
  // Of another repository they would be others.
  await expect(diff('workspace1', 'Enver', id + 1)).rejects.toThrow(/Number of stacks with differences: 1/);
});

operatorCases(() => land);

let before: string[];
it('makes a whole copy for a branch that asks for it, and says so on the pull request', async () => {
  before = await inventory(land);
  await land.github.push('o/shop', branch('feature/login'), {
    message: 'try the login\n\nodmd: create@main',
    files: { 'orders/login.txt': '1' },
  });
  const { number } = await land.github.openPullRequest('o/shop', 'feature/login');
  await land.until('four clones', async () => (await clones()).length === 4);
  const made = await clones();
  await land.phases(all(made, 'deployed'), 120);
  const [web = ''] = made.filter((id) => id.startsWith('web/'));
  const [orders = ''] = made.filter((id) => id.startsWith('orders/'));
  // Wired to each other, and to what others run on main.
  expect(String(await urlOf(web))).toContain(String(await urlOf(orders)));
  expect(await urlOf(orders)).toBe('https://orders.example/foundation--main--second');
  const comments = await land.until('a comment', async () => {
    const found: { body: string }[] = await land.github.rest(
      'GET',
      `/repos/o/shop/issues/${number}/comments`,
    );
    return found.some(({ body }) => readable(body).includes('https://web.example/')) && found;
  });
  expect(comments).toHaveLength(1);
  expect(readable(comments[0]?.body ?? '')).toContain('odmd: delete');
});

it('makes a copy of a CDK app with stacks of its own', async () => {
  await land.github.push('o/foundation', branch('feature/login'), { message: 'odmd: create@main' });
  const id = await land.until('a clone', async () =>
    (await clones()).find((one) => one.startsWith('foundation/')),
  );
  await land.phases({ [id]: 'deployed' });
  const queues = (await inventory(land)).filter((one) => one.includes(' queue '));
  expect(queues).toHaveLength(before.filter((one) => one.includes(' queue ')).length + 1);
});

it('keeps two copies of one service apart', async () => {
  const message = 'try something else\n\nodmd: create orders@main';
  await land.github.push('o/shop', branch('feature/other'), { message, files: { 'orders/other.txt': '1' } });
  const ofOrders = await land.until('two copies', async () => {
    const found = (await clones()).filter((id) => id.startsWith('orders/'));
    return found.length === 2 && found;
  });
  await land.phases(all(ofOrders, 'deployed'), 120);
  const copies = await Promise.all(ofOrders.map((id) => land.entry(id)));
  for (const own of copies) {
    const others = copies.filter(({ id }) => id !== own.id);
    const attempts = async () => {
      const identity = await jobIdentity(land, own);
      return notRefused(others.flatMap((other) => attemptsOn(land, identity, own, other)));
    };
    expect(await land.trying(attempts)).toEqual([]);
  }
  await land.github.push('o/shop', branch('feature/other'), { message: 'odmd: delete' });
});

it('removes with a line all that it made', async () => {
  for (const repo of ['shop', 'foundation'])
    await land.github.push(`o/${repo}`, branch('feature/login'), { message: 'done\n\nodmd: delete' });
  await land.until('no clones', async () => (await clones()).length === 0, 180);
  // Nothing is left that a sweep would find, either.
  await land.invoke('schedule', { task: 'sweep' });
  await land.calm();
  expect(await inventory(land)).toEqual(before);
  expect(await land.envers()).toMatchObject(
    Object.fromEntries(ENVERS.map((id) => [id, { phase: 'deployed' }])),
  );
});

it('makes the repository of an image for a branch, and removes it with what is in it', async () => {
  // Images are built by other tests: here the jobs stay in the queue.
  land.jobs.accepts = ({ repo }) => repo !== 'o/images';
  const files = { Dockerfile: 'FROM scratch' };
  await land.github.push('o/images', main, { message: 'an image', files });
  await land.phases({ 'images/b..main': 'running' });
  const withoutCopy = await inventory(land);
  const ref = branch('feature/image');
  await land.github.push('o/images', ref, { message: 'odmd: create@main', files: { a: '1' } });
  const id = await land.until('a clone', async () => (await clones())[0]);
  const job = await land.until('its job', async () => land.jobs.dispatchOf(id));
  const [image] = (await land.entry(id)).images;
  await new ECRClient(land.as('workspace1')).send(
    new PutImageCommand({ repositoryName: image?.repository, imageManifest: '{}', imageTag: 'x' }),
  );
  expect((await inventory(land)).filter((one) => one.includes(' image '))).toHaveLength(1);
  await land.github.endRun(job.inputs.dispatch ?? '', 'failure', [{ name: 'push', conclusion: 'failure' }]);
  await land.github.push('o/images', ref, { message: 'odmd: delete' });
  await land.until('no clone', async () => (await clones()).length === 0, 180);
  expect(await inventory(land)).toEqual(withoutCopy);
});

identityCases(() => land);

it('leaves a static enver that left the contracts as it is, retired', async () => {
  await land.github.push('o/contracts', main, {
    message: 'no probe',
    files: { 'index.js': contractsModule({ without: ['probe'] }) },
  });
  await land.phases({ 'probe/b..main': 'retired' });
  expect(await urlOf('probe/b..main')).toBe('https://probe.example/');
  expect((await land.value(dispatchStatePath('contracts/b..main')))?.version).toBe(2);
});

it('removes what was retired once somebody confirms it', async () => {
  const engineer = await newRole(land, 'central', 'Engineer', mayAsk(land));
  const looked = await ask(land, engineer, 'retire', 'probe/b..main', '--json');
  expect(JSON.parse(looked.out)).toMatchObject({ removed: false, products: ['url'] });
  expect(await ask(land, engineer, 'retire', 'probe/b..main', '--confirm')).toMatchObject({ code: 0 });
  await land.until('it is gone', async () => (await land.envers())['probe/b..main'] === undefined, 180);
  // What the contracts were is kept.
  const left = (await inventory(land)).filter((one) => one.includes('probe') && !one.includes('/manifests/'));
  expect(left).toEqual([]);

  // The branch of the contracts was rewritten.
  const commits: { sha: string }[] = await land.github.rest('GET', '/repos/o/contracts/commits');
  const files = { 'index.js': `${contractsModule({ without: ['probe'] })}// from the beginning\n` };
  const from = commits.at(-1)?.sha ?? '';
  const sha = await land.github.push('o/contracts', main, { message: 'once more', from, files });
  await land.until(
    'it is refused',
    async () => (await land.envers())['contracts/b..main']?.refused?.sha === sha,
  );
  expect(await ask(land, engineer, 'sync', '--force', sha)).toMatchObject({ code: 0 });
  expect((await ask(land, engineer, 'status')).out).toContain(`e2e: contracts ${sha.slice(0, 7)} `);
});

leastPrivilegeCases(() => land);
