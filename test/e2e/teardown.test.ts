import {
  CloudFormationClient,
  DeleteStackCommand,
  paginateListStacks,
  UpdateTerminationProtectionCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteRepositoryCommand, ECRClient, paginateDescribeRepositories } from '@aws-sdk/client-ecr';
import { DeleteBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DeleteParametersCommand, paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { administrator } from './accounts.js';
import { everything } from './everything.js';
import type { Landscape } from './landscape.js';
import { livingOrg } from './living-org.js';
import { emptyBucket } from './losses.js';
import { odmdDoes } from './odmd.js';
import { CONTRACTS, contractsModule, FOUNDATION, SHOP } from './org.js';

/*
 * The way back, as docs/install.md says it, step by step: in the end the accounts have what they had before.
 */

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const main = { kind: 'branch', ref: 'main' } as const;
const feature = { kind: 'branch', ref: 'feature/login' } as const;
const CONTRACTS_MAIN = 'contracts/b..main';
/** An account that nobody has touched but its administrator. */
const UNTOUCHED = '999999999999';

let land: Landscape;
let names: string[];
beforeAll(async () => {
  land = await livingOrg();
  names = Object.keys(land.accounts);
});
afterAll(() => land?.stop());

/**
 * What the CDK has for itself may stay. A function that still runs while its log goes makes it again here: the emulator
 * writes logs as itself.
 */
const withoutToolkit = (list: readonly string[]) =>
  list.filter((one) => !/cdk-|CDKToolkit|^log \/odmd\//.test(one));

it('step 1: clones go', async () => {
  await land.github.push('o/shop', feature, { message: 'odmd: create@main', files: { 'orders/a.txt': '1' } });
  await land.until('clones', async () => {
    const clones = Object.values(await land.envers()).filter(({ clone }) => clone);
    return clones.length === 4 && clones.every(({ phase }) => phase === 'deployed');
  });
  expect(await odmdDoes(land, 'clone', 'list')).toContain('feature/login');
  await odmdDoes(land, 'clone', 'delete', '--repo', 'o/shop', '--branch', feature.ref);
  await land.until(
    'no clones',
    async () => (await odmdDoes(land, 'clone', 'list')).includes('no clones'),
    180,
  );
});

it('step 1: envers go that the contracts have no more, by the platform itself', async () => {
  await land.github.push('o/contracts', main, {
    message: 'nothing is deployed any more',
    files: { 'index.js': onlyContracts() },
  });
  const retired = await land.until('nothing but the contracts is in force', async () => {
    const others = Object.values(await land.envers()).filter(({ id }) => id !== CONTRACTS_MAIN);
    return others.every(({ phase }) => phase === 'retired') && others.map(({ id }) => id);
  });
  expect(retired).toHaveLength(6);
  for (const id of retired) await odmdDoes(land, 'retire', id, '--confirm');
  await land.until('they are gone', async () => Object.keys(await land.envers()).length === 1, 180);
});

/** The contracts with nothing in them but themselves. */
function onlyContracts(): string {
  const [accounts = ''] = contractsModule().split('class Foundation');
  return accounts;
}

it('step 2: what is left in every account goes with its stacks', async () => {
  const left: string[] = [];
  for (const name of names)
    for (const stack of await stacksOf(name))
      if (stack.startsWith('odmd-enver-')) {
        left.push(`${name} ${stack}`);
        await deleteStack(name, stack);
      }
  expect(left).toEqual(['central odmd-enver-contracts--main', 'workspace1 odmd-enver-contracts--main']);
  const manifest = ['-c', `manifest=${land.manifestFile}`];
  for (const name of names) {
    const own = name === 'central' ? [] : [`Region-${name}-*`];
    await land.cdk(name, 'destroy', ...own, `Account-${name}`, '--force', ...manifest);
  }
});

it('step 3: central goes once it is no longer protected', async () => {
  const manifest = ['-c', `manifest=${land.manifestFile}`];
  await expect(land.cdk('central', 'destroy', 'Central', '--force', ...manifest)).rejects.toThrow();
  const client = new CloudFormationClient(land.as('central'));
  const StackName = 'odmd-central';
  await client.send(
    new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false }),
  );
  await land.cdk('central', 'destroy', 'Central', '--force', ...manifest);
  for (const name of names) expect(await stacksOf(name)).toEqual(['CDKToolkit']);
});

it('step 4: what was kept on purpose is deleted by hand, and the accounts are as they were', async () => {
  const untouched = land.aws.clientWith(await administrator(land.aws, UNTOUCHED));
  const before = withoutToolkit(await everything(untouched));
  const central = land.as('central');
  await new DynamoDBClient(central).send(new DeleteTableCommand({ TableName: 'odmd-records' }));
  await new SecretsManagerClient(central).send(
    new DeleteSecretCommand({ SecretId: 'odmd-github-app', ForceDeleteWithoutRecovery: true }),
  );
  await deleteParameters(new SSMClient(central));
  for (const name of names) {
    const settings = land.as(name);
    const s3 = new S3Client({ ...settings, forcePathStyle: true });
    for (const { Name: Bucket = '' } of (await s3.send(new ListBucketsCommand({}))).Buckets ?? [])
      if (/^odmd-(manifests|artifacts)-/.test(Bucket)) {
        await emptyBucket(s3, Bucket);
        await s3.send(new DeleteBucketCommand({ Bucket }));
      }
    const logs = new CloudWatchLogsClient(settings);
    const asked = new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/lambda/' });
    for (const { logGroupName } of (await logs.send(asked)).logGroups ?? [])
      await logs.send(new DeleteLogGroupCommand({ logGroupName }));
    const ecr = new ECRClient(settings);
    for await (const { repositories = [] } of paginateDescribeRepositories({ client: ecr }, {}))
      for (const { repositoryName } of repositories)
        if (!repositoryName?.startsWith('cdk-'))
          await ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
    expect(withoutToolkit(await everything(settings)), name).toEqual(before);
  }
});

it('step 5: every file that the platform wrote into a repository has the name that is said', async () => {
  for (const [repo, files] of [
    ['o/foundation', FOUNDATION],
    ['o/shop', SHOP],
    ['o/contracts', CONTRACTS],
  ] as const) {
    const { tree }: { tree: { path: string; type: string }[] } = await land.github.rest(
      'GET',
      `/repos/${repo}/git/trees/main?recursive=1`,
    );
    const paths = tree.flatMap(({ path, type }) => (type === 'blob' ? [path] : []));
    const written = paths.filter((path) => !(path in files) && path !== 'orders/a.txt');
    expect(written).not.toEqual([]);
    expect(written.filter((path) => !/^\.github\/workflows\/ODMD_[^/]+$/.test(path))).toEqual([]);
  }
});

async function deleteParameters(client: SSMClient): Promise<void> {
  for (const Path of ['/odmd-share', '/odmd-state'])
    for await (const { Parameters = [] } of paginateGetParametersByPath(
      { client },
      { Path, Recursive: true, MaxResults: 10 },
    ))
      if (Parameters.length > 0)
        await client.send(new DeleteParametersCommand({ Names: Parameters.map(({ Name = '' }) => Name) }));
}

async function stacksOf(name: string): Promise<string[]> {
  const found: string[] = [];
  const client = new CloudFormationClient(land.as(name));
  for await (const { StackSummaries = [] } of paginateListStacks({ client }, {}))
    for (const { StackName = '', StackStatus } of StackSummaries)
      if (StackStatus !== 'DELETE_COMPLETE') found.push(StackName);
  return found.sort();
}

async function deleteStack(name: string, StackName: string): Promise<void> {
  const client = new CloudFormationClient(land.as(name));
  await client.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete({ client, maxWaitTime: 60, minDelay: 1 }, { StackName });
}
