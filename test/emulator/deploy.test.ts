import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  appRolePath,
  type EnverEntry,
  productPath,
  roleArn,
  roleNames,
  stackName,
} from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type AwsJob, ended, type StepResult } from '../enver-runtime/aws-job.js';
import { produced } from '../enver-runtime/entries.js';
import { jobOf } from '../enver-runtime/job-of.js';
import { WORKSPACE, World } from '../enver-runtime/world.js';
import type { Credentials } from './emulator.js';
import { assume, makeRole, trustAccount, trustService } from './identities.js';
import { root } from './place.js';

/*
 * A service's CDK app, deployed by the stock CDK CLI with nothing but the credentials that a job of its enver has.
 */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const RUNTIME = join(root, 'packages/enver-runtime');

/** The app of a service, with stacks `data` and the default one. It fails, or makes more, when it is told to. */
const APP = `
import { Build, CdkEnver, Contracts, Producer, Revision } from '@ondemandenv/contracts-base';
import { CfnResource } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { z } from 'zod';
import { EnverApp, EnverStack } from '${RUNTIME}/dist/cdk/index.js';

const contracts = new Contracts('shop', { accounts: {}, repos: {} });
class Orders extends CdkEnver {
  queue = new Producer(this, 'queue', { schema: z.string() });
  role = new Producer(this, 'role', { schema: z.string() });
}
const place = { revision: Revision.branch('main'), account: 'workspace1', region: 'us-west-1' };
const orders = new Orders(new Build(contracts, 'orders'), place);

const app = new EnverApp(orders, { nag: false });
const data = new EnverStack(app, 'data');
const queue = new Queue(data, 'Queue', { queueName: data.physicalName('orders') });
data.output(orders.queue, queue.queueName);
const stack = new EnverStack(app);
const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
queue.grantSendMessages(role);
stack.output(orders.role, role.roleArn);
`;

const entry = enverEntry({
  build: 'orders',
  kind: 'cdk',
  stacks: [stackName('orders/b..main', 'data'), stackName('orders/b..main')],
  exec: { services: ['sqs'], statements: [] },
  products: produced('orders', 'queue', 'role'),
  tags: { app: 'coffee' },
});
const other = enverEntry({ build: 'payments', kind: 'cdk', stacks: ['payments--main'], exec: entry.exec });
const [DATA = '', MAIN = ''] = entry.stacks;

let world: World;
beforeAll(async () => {
  world = await World.start();
  await world.add(entry, other);
});
afterAll(() => world?.stop());

async function checkout(of: EnverEntry): Promise<AwsJob> {
  await world.dispatch(of);
  const job = await jobOf(world, of);
  symlinkSync(join(RUNTIME, 'node_modules'), join(job.folder, 'node_modules'));
  job.write('app.mjs', APP);
  job.write('cdk.json', JSON.stringify({ app: 'node app.mjs' }));
  job.variables.CDK_VALIDATION = 'false';
  return job;
}

function execRole({ id, account }: EnverEntry): string {
  const names = roleNames(id);
  return roleArn(account.id, names.path, names.exec);
}

async function stackOf(StackName: string) {
  const client = new CloudFormationClient(world.emulator.clientFor(WORKSPACE));
  const found = await client.send(new DescribeStacksCommand({ StackName })).catch(() => undefined);
  return found?.Stacks?.[0];
}

async function queues(): Promise<string[]> {
  const { QueueUrls = [] } = await new SQSClient(world.emulator.clientFor(WORKSPACE)).send(
    new ListQueuesCommand({}),
  );
  return QueueUrls.map((url) => url.slice(url.lastIndexOf('/') + 1));
}

describe('a job', () => {
  it('deploys the stacks of its enver and publishes their products, again without a change, and removes them', async () => {
    const job = await checkout(entry);
    expect(await job.step('resolve')).toMatchObject({ code: 0 });
    const deployed = await job.step('deploy');
    expect(deployed, deployed.stderr + world.emulator.log().slice(-3000)).toMatchObject({ code: 0 });
    expect(deployed.stdout + deployed.stderr).not.toContain('orders--main--orders');
    expect(await job.step('publish')).toMatchObject({ code: 0 });

    expect(await queues()).toEqual(['orders--main--orders']);
    expect((await world.stored(productPath(entry.id, 'queue')))?.value).toBe('"orders--main--orders"');
    const { value: role = '' } = (await world.stored(productPath(entry.id, 'role'))) ?? {};
    const name = JSON.parse(role).split('/').at(-1);
    expect(JSON.parse(role)).toBe(roleArn(WORKSPACE, appRolePath(entry.id), name));
    const { Role } = await new IAMClient(world.emulator.clientFor(WORKSPACE)).send(
      new GetRoleCommand({ RoleName: name }),
    );
    expect(Role?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(
      `arn:aws:iam::${WORKSPACE}:policy/odmd-app-boundary`,
    );
    expect((await stackOf(MAIN))?.Tags).toContainEqual({ Key: 'odmd:build', Value: 'orders' });

    expect(await job.step('deploy')).toMatchObject({ code: 0 });
    const again = await job.step('publish');
    expect(again.stdout).toContain('queue  version 1 (unchanged)');

    const destroyed = await job.step('destroy');
    expect(destroyed, destroyed.stderr).toMatchObject({ code: 0 });
    expect([await stackOf(DATA), await stackOf(MAIN), await queues()]).toEqual([undefined, undefined, []]);
    const twice = await job.step('destroy');
    expect(twice, twice.stderr).toMatchObject({ code: 0 });
  });
});

const DENIED = /AccessDenied|not authorized/;
const denied = expect.stringMatching(DENIED);

describe('the build role of an enver', () => {
  const Queue = { Type: 'AWS::SQS::Queue' };
  const trust = { Version: '2012-10-17', Statement: [trustService('lambda')] };

  /** Lets the CDK CLI deploy one stack, from a cloud assembly that nobody has checked. */
  async function cdk(
    stack: string,
    Resources: Record<string, object>,
    exec: string,
    as: Credentials,
  ): Promise<StepResult> {
    const job = await checkout(entry);
    const assembly = join(job.folder, 'cdk.out');
    mkdirSync(assembly);
    const properties = { templateFile: 'template.json', stackName: stack };
    const environment = `aws://${WORKSPACE}/${entry.region}`;
    const artifact = { type: 'aws:cloudformation:stack', environment, properties };
    job.write(
      'cdk.out/manifest.json',
      JSON.stringify({ version: '36.0.0', artifacts: { [stack]: artifact } }),
    );
    job.write('cdk.out/template.json', JSON.stringify({ Resources }));
    const options = ['--app', assembly, '--role-arn', exec, '--require-approval', 'never', '--no-notices'];
    const child = spawn(
      process.execPath,
      [join(RUNTIME, 'node_modules/aws-cdk/bin/cdk'), 'deploy', stack, ...options],
      {
        cwd: job.folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...job.variables,
          AWS_ENDPOINT_URL: world.emulator.url,
          AWS_ACCESS_KEY_ID: as.accessKeyId,
          AWS_SECRET_ACCESS_KEY: as.secretAccessKey,
          AWS_SESSION_TOKEN: as.sessionToken ?? '',
          CDK_DISABLE_CLI_TELEMETRY: 'true',
        },
      },
    );
    return ended(child);
  }

  const failures = async (StackName: string) => {
    const client = new CloudFormationClient(world.emulator.clientFor(WORKSPACE));
    const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
    return StackEvents.map(({ ResourceStatusReason = '' }) => ResourceStatusReason).join('\n');
  };

  it('deploys the own stack, and no other', async () => {
    const as = await world.buildRole(entry);
    const own = await cdk(DATA, { Queue }, execRole(entry), as);
    expect(own, own.stderr).toMatchObject({ code: 0 });
    for (const stack of ['orders--other', 'payments--main', 'odmd-enver-orders--main'])
      expect(await cdk(stack, { Queue }, execRole(entry), as)).toMatchObject({ code: 1, stderr: denied });
    expect(await stackOf('payments--main')).toBeUndefined();
  });

  it('hands it to no other exec role', async () => {
    const as = await world.buildRole(entry);
    const refused = await cdk(MAIN, { Queue }, execRole(other), as);
    expect(refused).toMatchObject({ code: 1, stderr: denied });
    expect((await stackOf(MAIN))?.StackStatus ?? 'none').not.toMatch(/COMPLETE$/);
  });

  it('deploys again a stack that could not be made at first', async () => {
    const as = await world.buildRole(entry);
    const Topic = { Type: 'AWS::SNS::Topic' };
    expect((await cdk(MAIN, { Topic }, execRole(entry), as)).code).toBe(1);
    expect((await stackOf(MAIN))?.StackStatus).toMatch(/^(ROLLBACK_COMPLETE|CREATE_FAILED)$/);
    const again = await cdk(MAIN, { Queue }, execRole(entry), as);
    expect(again, again.stderr).toMatchObject({ code: 0 });
  });

  it('becomes no role of the CDK bootstrap, although that trusts the account', async () => {
    const name = `cdk-hnb659fds-deploy-role-${WORKSPACE}-${entry.region}`;
    const arn = await makeRole(world.emulator, WORKSPACE, { name, trust: trustAccount(WORKSPACE) });
    const as = await world.buildRole(entry);
    await expect(assume(world.emulator, arn, as)).rejects.toThrow(DENIED);
  });

  it('makes roles below the boundary of applications only, and on the own path', async () => {
    const as = await world.buildRole(entry);
    const boundary = `arn:aws:iam::${WORKSPACE}:policy/odmd-app-boundary`;
    const role = (Path: string, properties: object = {}) => ({
      Type: 'AWS::IAM::Role',
      Properties: { AssumeRolePolicyDocument: trust, Path, ...properties },
    });
    const Kept = role(appRolePath(entry.id), { PermissionsBoundary: boundary });
    const made = await cdk(MAIN, { Kept }, execRole(entry), as);
    expect(made, made.stderr).toMatchObject({ code: 0 });
    const Free = role(appRolePath(entry.id));
    expect((await cdk(MAIN, { Kept, Free }, execRole(entry), as)).code).toBe(1);
    expect(await failures(MAIN)).toEqual(denied);
    const Elsewhere = role(appRolePath(other.id), { PermissionsBoundary: boundary });
    expect((await cdk(MAIN, { Kept, Elsewhere }, execRole(entry), as)).code).toBe(1);
  });

  it('makes nothing but what the contract declares', async () => {
    const as = await world.buildRole(entry);
    const Topic = { Type: 'AWS::SNS::Topic' };
    expect((await cdk(DATA, { Queue, Topic }, execRole(entry), as)).code).toBe(1);
    expect(await failures(DATA)).toEqual(denied);
  });
});
