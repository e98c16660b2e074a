import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Bench, contractsPackage } from './bench.js';
import { toolchain } from './toolchain.js';

/*
 * What a person asks of a running platform on the command line: to clone, to approve, to retire, to look.
 */

const menu = `
const menu = script('menu', { destroy: [] });
const drinks = new Producer(menu, 'drinks', { schema: z.string() });
`;
const shop = `
const shop = script('shop');
new Consumer(shop, 'drinks', drinks, { onChange: Reaction.approve({ account: 'w', role: 'Boss' }) });
`;
const withReaction = (files: Record<string, string>) => ({
  ...files,
  'index.js': (files['index.js'] ?? '').replace('Producer,', 'Producer, Reaction,'),
});
const publish = (value: string) =>
  `import { appendFileSync } from 'node:fs';\nappendFileSync(process.env.ODMD_OUTPUT, 'drinks=${value}\\n');\n`;

const bench = new Bench('22080-22089');
const main = 'shop/b..main';

beforeAll(async () => {
  await bench.start();
  await bench.push('o/contracts', withReaction(contractsPackage(menu + shop)), 'contracts');
  await bench.push('o/app', { 'menu/deploy.mjs': publish('tea'), 'shop/deploy.mjs': '' }, 'first');
  await bench.settled();
}, 60_000);

afterAll(async () => {
  await bench.dispose();
});

/** Runs `odmd` on the platform of this test. */
function odmd(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const path = join(toolchain, 'node_modules', '.bin', 'odmd');
  return new Promise((resolve) => {
    execFile(path, [...args, '--home', bench.home], { cwd: bench.folder }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

async function enver(id: string) {
  return (await bench.settled()).envers.find((one) => one.id === id);
}

it('a branch gets a clone and loses it without a commit', async () => {
  const place = ['--repo', 'o/app', '--branch', 'feature/x'];
  const none = await odmd('clone', 'create', 'shop@main', ...place);
  expect(none).toMatchObject({ code: 1, err: expect.stringContaining('ODMD413') });
  await bench.push('o/app', {}, 'work', 'feature/x');
  expect(await odmd('clone', 'create', 'shop@main', ...place)).toMatchObject({ code: 0, err: '' });
  const { envers } = await bench.settled();
  expect(envers.find(({ cloneOf }) => cloneOf === main)?.phase).toBe('deployed');
  const wrong = await odmd('clone', 'create', 'shop@nowhere', ...place);
  expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('ODMD304') });
  expect(await odmd('clone', 'delete', ...place)).toMatchObject({ code: 0 });
  expect((await bench.settled()).envers.some(({ cloneOf }) => cloneOf === main)).toBe(false);
}, 60_000);

it('a new version waits until it is approved, by whom the contract says', async () => {
  const boss = ['--as', 'w/Boss'];
  expect(await odmd('approve', main, ...boss)).toMatchObject({
    code: 1,
    err: expect.stringContaining('ODMD714'),
  });
  await bench.push('o/app', { 'menu/deploy.mjs': publish('coffee') }, 'other drinks');
  await bench.settled();
  const status = await odmd('status', main);
  expect(status.out).toMatch(
    /approvals {2}menu\/b\.\.main\/drinks 2#\w+ requested: `odmd approve` by w\/Boss/,
  );
  const before = (await enver(main))?.deployed?.at;
  expect(await odmd('approve', main, '--as', 'w/Intern')).toMatchObject({
    code: 1,
    err: expect.stringContaining('ODMD408'),
  });
  const granted = await odmd('approve', main, 'menu/b..main/drinks', ...boss, '--json');
  expect(JSON.parse(granted.out)).toMatchObject({ enver: main, granted: true });
  expect((await enver(main))?.deployed?.at).toBeGreaterThan(before ?? 0);
}, 60_000);

it('what left the contracts goes when it is confirmed', async () => {
  expect(await odmd('retire', main, '--confirm')).toMatchObject({
    code: 1,
    err: expect.stringContaining('ODMD410'),
  });
  await bench.push('o/contracts', withReaction(contractsPackage(menu)), 'no shop');
  await bench.settled();
  const look = await odmd('retire', main);
  expect(look.out).toContain('nothing was done: give --confirm to remove it');
  expect((await enver(main))?.phase).toBe('retired');
  expect(await odmd('retire', main, '--confirm')).toMatchObject({ code: 0 });
  expect(await enver(main)).toBeUndefined();
}, 60_000);

it('a deployment can be waited for, and a name that is nearly right is understood', async () => {
  expect(await odmd('deploy', 'menu/b..main', '--wait')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^menu\/b\.\.main deployed: at \w{7}/),
  });
  expect(await odmd('deploy', 'menu')).toMatchObject({
    code: 1,
    err: expect.stringContaining('did you mean menu/b..main?'),
  });
}, 60_000);
