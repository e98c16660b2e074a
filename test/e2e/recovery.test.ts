import { readFileSync } from 'node:fs';
import {
  CloudFormationClient,
  DeleteStackCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { DeleteRoleCommand, DeleteRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import {
  CONTRACTS_LIB_LATEST,
  manifestBucket,
  platformStackName,
  productPath,
  roleNames,
} from '@ondemandenv/contracts-base';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { REGION } from '../emulator/emulator.js';
import { ACCOUNTS, type AccountName } from './accounts.js';
import { inventory } from './inventory.js';
import type { Landscape } from './landscape.js';
import { livingOrg } from './living-org.js';
import { emptyBucket, loseTable, productValues } from './losses.js';
import { odmd, odmdDoes } from './odmd.js';
import { killFunction } from './processes.js';

/*
 * What gets lost, and what docs/install.md says to do then. Each test goes on from where the one before ended.
 */

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const branch = (ref: string) => ({ kind: 'branch', ref }) as const;
const main = branch('main');
const feature = branch('feature/login');
const ORDERS = 'orders/b..main';
const FOUNDATION_MAIN = 'foundation/b..main';
const PUBLISHED = productPath('contracts/b..main', CONTRACTS_LIB_LATEST);

let land: Landscape;
let withoutClones: string[];
beforeAll(async () => {
  land = await livingOrg();
  withoutClones = await things();
});
afterAll(() => land?.stop());

const all = (ids: readonly string[], phase: string) => Object.fromEntries(ids.map((id) => [id, phase]));
const clones = async () => Object.values(await land.envers()).filter(({ clone }) => clone !== undefined);
/** What envers have left in any account. What the jobs themselves upload stays, under the name of its content. */
const things = async () => (await inventory(land)).filter((one) => !/cdk-hnb659fds| object /.test(one));
const push = (files: Readonly<Record<string, string>>, message = 'a change') =>
  land.github.push('o/shop', main, { message, files });
const isDeployedAt = async (enver: string, sha: string) => {
  const record = (await land.envers())[enver];
  return record?.phase === 'deployed' && record.deployed?.vector.source.sha === sha;
};

async function deleteStack(account: AccountName, StackName: string): Promise<void> {
  const client = new CloudFormationClient(land.as(account));
  await client.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete({ client, maxWaitTime: 60, minDelay: 1 }, { StackName });
}

it('makes the stacks of an enver again that somebody deleted: those of the platform, and its own', async () => {
  const before = await things();
  const url = await land.value(productPath(FOUNDATION_MAIN, 'queue'));
  await deleteStack('workspace1', 'foundation--main');
  await deleteStack('workspace1', platformStackName(FOUNDATION_MAIN));
  await deleteStack('central', platformStackName(FOUNDATION_MAIN));
  expect((await things()).length).toBeLessThan(before.length);
  await odmdDoes(land, 'deploy', FOUNDATION_MAIN, '--wait', '--timeout', '120');
  expect(await things()).toEqual(before);
  expect(await land.value(productPath(FOUNDATION_MAIN, 'queue'))).toEqual(url);
});

it('makes a role again that somebody deleted, once the rest of its stack is deleted too', async () => {
  const before = await things();
  const iam = new IAMClient(land.as('workspace1'));
  const RoleName = roleNames(ORDERS).build;
  await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'build' }));
  await iam.send(new DeleteRoleCommand({ RoleName }));
  const failed = await odmd(land, 'deploy', ORDERS, '--wait', '--timeout', '60');
  expect(failed.code, failed.log).toBe(1);
  await deleteStack('workspace1', platformStackName(ORDERS));
  await odmdDoes(land, 'deploy', ORDERS, '--wait', '--timeout', '120');
  expect(await things()).toEqual(before);
});

it('publishes a parameter again that somebody deleted', async () => {
  const path = productPath(ORDERS, 'url');
  const before = await productValues(land);
  await new SSMClient(land.as('central')).send(new DeleteParameterCommand({ Name: path }));
  await land.invoke('schedule', { task: 'sweep' });
  await land.phases({ 'web/b..main': 'waiting' });
  expect(await odmdDoes(land, 'status', 'web/b..main')).toContain(`odmd deploy ${ORDERS}`);
  await odmdDoes(land, 'deploy', ORDERS, '--wait', '--timeout', '120');
  await land.phases({ 'web/b..main': 'deployed' });
  expect(await productValues(land)).toEqual(before);
});

it('rebuilds all records but their history from contracts, repositories and accounts', async () => {
  for (const repo of ['o/shop', 'o/foundation']) {
    const files = { 'orders/login.txt': '1', 'name.txt': 'login' };
    await land.github.push(repo, feature, { message: 'try the login\n\nodmd: create@main', files });
  }
  await land.until('five clones', async () => (await clones()).length === 5);
  // The line is no longer in the newest commit.
  await land.github.push('o/shop', feature, { message: 'more', files: { 'orders/login.txt': '2' } });
  await land.calm();
  await land.until(
    'deployed clones',
    async () => (await clones()).every(({ phase }) => phase === 'deployed'),
    180,
  );
  const ids = Object.keys(await land.envers()).sort();
  const before = { values: await productValues(land), things: await things() };

  const table = await loseTable(land);
  expect(table.after).toEqual(table.before);
  expect(await land.envers()).toEqual({});
  const dispatched = land.jobs.dispatched.length;
  // One finds the contracts, and the next what is in the repositories that they name.
  await land.invoke('schedule', { task: 'sweep' });
  await land.phases({ [ORDERS]: 'deployed' });
  await land.invoke('schedule', { task: 'sweep' });
  await land.until('its clones', async () => (await clones()).length === 5, 180);
  await land.phases(
    all(
      ids.filter((id) => !id.startsWith('images/')),
      'deployed',
    ),
    240,
  );
  await land.calm();
  expect(Object.keys(await land.envers()).sort()).toEqual(ids);
  const { [PUBLISHED]: contracts, ...values } = await productValues(land);
  const { [PUBLISHED]: contractsBefore, ...valuesBefore } = before.values;
  expect(values).toEqual(valuesBefore);
  // Contracts say of which commit they are: now of the one that the platform has made, with a workflow.
  expect(JSON.parse(contracts ?? '').digest).toBe(JSON.parse(contractsBefore ?? '').digest);
  expect(await things()).toEqual(before.things);
  const again = land.jobs.dispatched.slice(dispatched).map(({ inputs }) => inputs.enver ?? '');
  expect(again.sort()).toEqual(ids.filter((id) => !id.startsWith('images/')));
});

it('removes by a line the clones that were made before the loss', async () => {
  for (const repo of ['o/shop', 'o/foundation'])
    await land.github.push(repo, feature, { message: 'done\n\nodmd: delete' });
  await land.until('no clones', async () => (await clones()).length === 0, 180);
  expect(await things()).toEqual(withoutClones);
});

it('goes on when the manifest is put back that was lost with the bucket’s content', async () => {
  await land.calm();
  const s3 = new S3Client({ ...land.as('central'), forcePathStyle: true });
  await emptyBucket(s3, manifestBucket(ACCOUNTS.central, REGION));
  // A function that has read it goes on with what it has in its memory.
  await killFunction(land, 'reconciler');
  const sha = await push({ 'orders/a.txt': 'no manifest' });
  const [, missing] = await land.until(
    'it says what is gone',
    async () => {
      const lines = (await land.log('reconciler')).join('\n');
      return /ODMD401.*the manifest of the applied contracts ([0-9a-f]{40}) is gone/.exec(lines) ?? undefined;
    },
    150,
  );
  const announced = await land.value(PUBLISHED);
  expect(announced?.value).toMatchObject({ sha: missing });
  await s3.send(
    new PutObjectCommand({
      Bucket: manifestBucket(ACCOUNTS.central, REGION),
      Key: `manifests/${missing}/manifest.json`,
      Body: readFileSync(land.manifestFile),
    }),
  );
  await land.until('the orders', () => isDeployedAt(ORDERS, sha), 150);
});
