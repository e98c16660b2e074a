import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateRoleCommand, GetRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { AccountStack, enverTemplates } from '@ondemandenv/central-stacks';
import { artifactBucket, assetPrefix, roleNames } from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { CloudFormationProvisioner, emptyFolder } from '@ondemandenv/control-plane/aws';
import { stackProvisionerConformance } from '@ondemandenv/control-plane/conformance';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Emulator, REGION } from './emulator.js';

/*
 * Central makes roles in another account through the one role that lets it in, and through nothing else.
 */

const CENTRAL = '111111111111';
const WORKSPACE = '222222222222';
const central = { account: CENTRAL, region: REGION };
const PLATFORM_ROLE = `arn:aws:iam::${CENTRAL}:role/odmd-platform`;

const entry = enverEntry({
  build: 'orders',
  kind: 'cdk',
  account: { name: 'workspace1', id: WORKSPACE },
  region: REGION,
  stacks: ['orders--main'],
  exec: { services: ['sqs'], statements: [] },
});

const emulator = await Emulator.start();
afterAll(() => emulator.stop());

beforeAll(async () => {
  await platformRole();
  for (const account of [CENTRAL, WORKSPACE]) {
    const app = new App();
    const stack = new AccountStack(app, 'Account', { account, central, provisioner: PLATFORM_ROLE });
    const { template } = app.synth().getStackArtifact(stack.artifactId);
    const client = new CloudFormationClient(emulator.clientFor(account));
    await client.send(
      new CreateStackCommand({
        StackName: stack.stackName,
        TemplateBody: JSON.stringify(template),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
      }),
    );
    await vi.waitUntil(async () => (await statusOf(client, stack.stackName)) === 'CREATE_COMPLETE', 20_000);
  }
});

/** The role of the platform's function: it may become the provisioner of an account, and nothing more. */
async function platformRole(): Promise<void> {
  const iam = new IAMClient(emulator.clientFor(CENTRAL));
  const policy = (statement: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
  const RoleName = 'odmd-platform';
  const trust = policy({ Principal: { AWS: `arn:aws:iam::${CENTRAL}:root` }, Action: 'sts:AssumeRole' });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  const Resource = 'arn:aws:iam::*:role/odmd-provisioner';
  const PolicyDocument = policy({ Action: 'sts:AssumeRole', Resource });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'assume', PolicyDocument }));
}

async function statusOf(client: CloudFormationClient, StackName: string): Promise<string | undefined> {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
  return Stacks?.[0]?.StackStatus;
}

async function assume(settings: ReturnType<Emulator['clientFor']>, RoleArn: string) {
  const sts = new STSClient(settings);
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
  return emulator.clientWith({
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  });
}

/** What the platform has: its own role, and from there the provisioner of an account. */
async function provisionerOf(account: string) {
  const platform = await assume(emulator.clientFor(CENTRAL), PLATFORM_ROLE);
  return assume(platform, `arn:aws:iam::${account}:role/odmd-provisioner`);
}

const repo = { id: 7, ownerId: 1 };
const provisioner = new CloudFormationProvisioner({
  stacksOf: async (of) => {
    const { own, central: inCentral } = enverTemplates({
      entry: of,
      central,
      repo,
      accountIds: { workspace1: WORKSPACE },
    });
    return [inCentral, own];
  },
  clientFor: async (account) => new CloudFormationClient(await provisionerOf(account)),
  emptyAssets: async ({ id, account, region }) => {
    const s3 = new S3Client({ ...(await provisionerOf(account.id)), forcePathStyle: true });
    return emptyFolder(s3, artifactBucket(account.id, region), assetPrefix(id));
  },
  now: Date.now,
});

async function roleExists(account: string, RoleName: string): Promise<boolean> {
  const iam = new IAMClient(emulator.clientFor(account));
  return iam.send(new GetRoleCommand({ RoleName })).then(
    () => true,
    () => false,
  );
}

stackProvisionerConformance('CloudFormation in two accounts', async () => ({
  stacks: provisioner,
  entry,
  provisioned: async (id) => {
    const { build, exec, central: inCentral } = roleNames(id);
    const there = [
      await roleExists(WORKSPACE, build),
      await roleExists(WORKSPACE, exec),
      await roleExists(CENTRAL, inCentral),
    ];
    // Either all of them or none.
    expect(new Set(there).size).toBe(1);
    return there.includes(true);
  },
}));

it('an unchanged enver costs two looks and changes nothing', async () => {
  await expect.poll(() => provisioner.ensure(entry), { timeout: 20_000 }).toBe('ready');
  const client = new CloudFormationClient(emulator.clientFor(WORKSPACE));
  const events = async () => {
    const name = { StackName: 'odmd-enver-orders--main' };
    return (await client.send(new DescribeStackEventsCommand(name))).StackEvents?.length;
  };
  const before = await events();
  expect(await provisioner.ensure(entry)).toBe('ready');
  expect(await events()).toBe(before);
});

it('a changed contract updates the roles in place', async () => {
  const wider = { ...entry, exec: { services: ['sqs', 'sns'], statements: [] } };
  expect(await provisioner.ensure(wider)).toBe('working');
  await expect.poll(() => provisioner.ensure(wider), { timeout: 20_000 }).toBe('ready');
});

it('removes what jobs uploaded for an enver, all versions, and of no other', async () => {
  const s3 = new S3Client({ ...emulator.clientFor(WORKSPACE), forcePathStyle: true });
  const Bucket = artifactBucket(WORKSPACE, REGION);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const clone = { ...entry, id: `${entry.id}-_b..x` };
  for (const { id } of [entry, entry, clone])
    await s3.send(new PutObjectCommand({ Bucket, Key: `${assetPrefix(id)}a.json`, Body: '{}' }));
  await expect.poll(() => provisioner.remove(clone), { timeout: 20_000 }).toBe('gone');
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect(Versions.map(({ Key }) => Key)).toEqual(Array(2).fill(`${assetPrefix(entry.id)}a.json`));
});

it('the provisioner makes nothing outside of the platform: another name, another path, no boundary', async () => {
  const settings = await provisionerOf(WORKSPACE);
  const client = new CloudFormationClient(settings);
  const TemplateBody = JSON.stringify({ Resources: { Q: { Type: 'AWS::SQS::Queue' } } });
  for (const StackName of ['mine', 'odmd-account'])
    await expect(client.send(new CreateStackCommand({ StackName, TemplateBody }))).rejects.toThrow(
      /not authorized/,
    );
  const iam = new IAMClient(settings);
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  const boundary = { PermissionsBoundary: `arn:aws:iam::${WORKSPACE}:policy/odmd-boundary` };
  const make = (role: { RoleName: string; Path: string; PermissionsBoundary?: string }) =>
    iam.send(new CreateRoleCommand({ AssumeRolePolicyDocument, ...role }));
  await expect(make({ RoleName: 'a', Path: '/', ...boundary })).rejects.toThrow(/not authorized/);
  await expect(make({ RoleName: 'b', Path: '/odmd/orders/' })).rejects.toThrow(/not authorized/);
  await expect(make({ RoleName: 'c', Path: '/odmd/orders/', ...boundary })).resolves.toBeDefined();
});

it('nobody else becomes the provisioner', async () => {
  const stranger = emulator.clientFor('333333333333');
  await expect(assume(stranger, `arn:aws:iam::${WORKSPACE}:role/odmd-provisioner`)).rejects.toThrow();
  await expect(
    assume(emulator.clientFor(CENTRAL), `arn:aws:iam::${WORKSPACE}:role/odmd-provisioner`),
  ).rejects.toThrow();
});
