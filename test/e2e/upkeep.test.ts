import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { productPath } from '@ondemandenv/contracts-base';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { REGION } from '../emulator/emulator.js';
import { root } from '../emulator/place.js';
import { administrator } from './accounts.js';
import { countLogs, deployedAlarms, deployedFilters, listen, metricName } from './alarms.js';
import { cdk } from './cdk.js';
import { runProgram } from './command.js';
import { everything } from './everything.js';
import type { Landscape } from './landscape.js';
import { livingOrg } from './living-org.js';
import { CONTRACTS, contractsModule, SHOP } from './org.js';
import { sendWebhook } from './webhook.js';

/*
 * The upkeep of a platform as docs/install.md says it: an upgrade while a job runs, an account that is added later, and
 * alarms. Each test goes on from where the one before ended.
 */

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const main = { kind: 'branch', ref: 'main' } as const;
const ORDERS = 'orders/b..main';
const WORKSPACES = ['workspace1', 'workspace2'];
const NEW_ACCOUNT = '444444444444';

let land: Landscape;
beforeAll(async () => {
  land = await livingOrg();
});
afterAll(() => land?.stop());

/** What is said to the CDK app, with a setting that the platform was not installed with. */
const context = (manifest: string) =>
  [`manifest=${manifest}`, `githubUrl=${land.proxy.url}`, 'dispatchesPerMinute=5000'].flatMap((one) => [
    '-c',
    one,
  ]);
const yes = ['--require-approval', 'never'];

it('is upgraded while a job runs: nothing is interrupted, nothing is done twice', async () => {
  land.jobs.accepts = () => false;
  const before = land.jobs.dispatched.length;
  const sha = await land.github.push('o/shop', main, { message: 'a change', files: { 'orders/a.txt': '1' } });
  await land.phases({ [ORDERS]: 'running' });
  const settings = context(land.manifestFile);
  const diff = await land.cdk('central', 'diff', 'Central', ...settings);
  expect(diff.log).toContain('"dispatchesPerMinute":5000');
  for (const name of WORKSPACES)
    await land.cdk(name, 'deploy', `Account-${name}`, `Region-${name}-*`, ...settings, ...yes);
  await land.cdk('central', 'deploy', 'Account-central', ...settings, ...yes);
  land.jobs.accepts = () => true;
  await land.cdk('central', 'deploy', 'Central', ...settings, ...yes);
  await land.until('the orders', async () => {
    const record = (await land.envers())[ORDERS];
    return record?.phase === 'deployed' && record.deployed?.vector.source.sha === sha;
  });
  await land.calm();
  expect(land.jobs.dispatched.slice(before).map(({ inputs }) => inputs.enver)).toEqual([ORDERS]);
  for (const [name, ...stacks] of [
    ['central', 'Central', 'Account-central'],
    ...WORKSPACES.map((one) => [one, `Account-${one}`, `Region-${one}-*`]),
  ] as [string, ...string[]][]) {
    const { log } = await land.cdk(name, 'diff', ...stacks, ...settings, '--fail');
    expect(log).toContain('Number of stacks with differences: 0');
  }
});

it('takes an account that is added to the contracts', async () => {
  const files = { 'index.js': withAccount(contractsModule()) };
  const manifest = await synthesised(files);
  const settings = context(manifest);
  await land.cdk('central', 'deploy', 'Central', ...settings, ...yes);
  const added = {
    url: land.aws.url,
    as: await administrator(land.aws, NEW_ACCOUNT),
    home: dirname(manifest),
    region: REGION,
  };
  const policies = ['--cloudformation-execution-policies', 'arn:aws:iam::aws:policy/AdministratorAccess'];
  await cdk(added, 'bootstrap', `aws://${NEW_ACCOUNT}/${REGION}`, ...policies, ...settings);
  await cdk(added, 'deploy', 'Account-workspace3', 'Region-workspace3-*', ...settings, ...yes);
  await land.github.push('o/shop', main, {
    message: 'a service for the new account',
    files: { 'extra/deploy.mjs': SHOP['probe/deploy.mjs'] ?? '', 'extra/destroy.mjs': '' },
  });
  await land.github.push('o/contracts', main, { message: 'another account', files });
  await land.phases({ 'extra/b..main': 'deployed' }, 150);
  expect((await land.value(productPath('extra/b..main', 'url')))?.value).toBe('https://probe.example/');
});

/** The contracts with a third account for envers, and one in it. */
function withAccount(module: string): string {
  return `${module.replace(
    /\n( *)workspace2: \{ id/,
    `\n$1workspace3: { id: '${NEW_ACCOUNT}' },\n$1workspace2: { id`,
  )}\nexport const extra = service('extra', { ...main, account: 'workspace3' });\n`;
}

/** Synthesises contracts as a person does. @returns the file of the manifest */
async function synthesised(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(dirname(dirname(land.manifestFile)), 'later');
  mkdirSync(folder);
  for (const [name, text] of Object.entries({ ...CONTRACTS, ...files }))
    writeFileSync(join(folder, name), text);
  const program = join(root, 'packages/cli/dist/main.js');
  const ended = await runProgram(process.execPath, [program, 'synth', '--app', '.'], { cwd: folder });
  if (ended.code !== 0) throw new Error(ended.log);
  return join(folder, '.odmd', 'manifest.json');
}

it('looks with every alarm at a metric that there is', async () => {
  const alarms = await deployedAlarms(land);
  expect(alarms).toHaveLength(10);
  const has = await everything(land.as('central'), ['function', 'queue', 'log']);
  const named = (kind: string) =>
    has.flatMap((one) => (one.startsWith(`${kind} `) ? [one.slice(kind.length + 1)] : []));
  // What Lambda and SQS measure of each function and queue; the emulator measures some of it.
  const there = [
    ...(await deployedFilters(land)).map(({ namespace, metric }) => `${namespace} ${metric}`),
    ...named('function').map((name) => `AWS/Lambda Errors FunctionName=${name}`),
    ...named('queue').flatMap((name) => [
      `AWS/SQS ApproximateNumberOfMessagesVisible QueueName=${name}`,
      `AWS/SQS ApproximateAgeOfOldestMessage QueueName=${name}`,
    ]),
  ];
  expect(alarms.map(metricName).filter((name) => !there.includes(name))).toEqual([]);
  const logs = (await deployedFilters(land)).map(({ logGroup }) => `log ${logGroup}`);
  expect(logs.filter((log) => !has.includes(log))).toEqual([]);
});

it('tells somebody of refused webhooks, of jobs that are not started and of functions that fail', async () => {
  const alarms = await deployedAlarms(land);
  const heard = await listen(land, alarms[0]?.AlarmActions?.[0] ?? '');
  for (let count = 0; count < 11; count++)
    expect(await sendWebhook(land, 'push', 'o/shop', {}, { secret: 'guessed' })).toBe(401);
  land.proxy.answer = ({ method, path }) =>
    method === 'POST' && path.endsWith('/dispatches')
      ? { status: 422, body: { message: 'Workflow is disabled' } }
      : undefined;
  const sha = await land.github.push('o/shop', main, { message: 'disabled', files: { 'orders/a.txt': '2' } });
  for (let count = 0; count < 6; count++)
    await expect(land.invoke('provisioner', { task: 'nothing' })).rejects.toThrow();
  const lines = await land.until('a job that is not started', async () => {
    const found = await countLogs(land);
    return (found.JobsNotDispatched ?? []).length > 0 && found;
  });
  land.proxy.answer = () => undefined;
  expect(lines.WebhooksRefused).toHaveLength(11);
  expect(lines.JobsNotDispatched?.[0]).toContain('o/shop');
  const subjects = await land.until('alarms', async () => {
    const found = await heard();
    return found.length >= 3 && found;
  });
  for (const name of ['WebhooksRefused', 'JobsNotDispatched', 'provisionerErrors'])
    expect(subjects.join('\n')).toContain(name);
  await land.until(
    'the orders',
    async () => (await land.envers())[ORDERS]?.deployed?.vector.source.sha === sha,
  );
});
