import { CloudFormationClient, paginateListStacks } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { ECRClient, paginateDescribeRepositories, paginateListImages } from '@aws-sdk/client-ecr';
import { EventBridgeClient, ListEventBusesCommand, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { IAMClient, paginateListRoles } from '@aws-sdk/client-iam';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import {
  ListBucketsCommand,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm';
import type { Landscape } from './landscape.js';

/**
 * Everything in every account that an enver could have left behind, each as `account service name`, in order. Of objects
 * with versions each version and each marker of one that was deleted counts, but for contract entries: former ones are
 * kept for thirty days on purpose.
 */
export async function inventory(land: Landscape): Promise<string[]> {
  const names = Object.keys(land.accounts);
  return (await Promise.all(names.map((name) => inAccount(land, name)))).flat().sort();
}

async function inAccount(land: Landscape, name: string): Promise<string[]> {
  const settings = land.as(name);
  const found: string[] = [];
  const add = (service: string, what: string | undefined) => found.push(`${name} ${service} ${what}`);
  for await (const { Roles = [] } of paginateListRoles({ client: new IAMClient(settings) }, {}))
    for (const { RoleName } of Roles) add('role', RoleName);
  const stacks = paginateListStacks({ client: new CloudFormationClient(settings) }, {});
  for await (const { StackSummaries = [] } of stacks)
    for (const { StackName, StackStatus } of StackSummaries)
      if (StackStatus !== 'DELETE_COMPLETE') add('stack', StackName);
  const ssm = new SSMClient(settings);
  for (const Path of ['/odmd-share', '/odmd-state'])
    for await (const { Parameters = [] } of paginateGetParametersByPath(
      { client: ssm },
      { Path, Recursive: true },
    ))
      for (const parameter of Parameters) add('parameter', parameter.Name);
  const client = new S3Client({ ...settings, forcePathStyle: true });
  for (const { Name: Bucket } of (await client.send(new ListBucketsCommand({}))).Buckets ?? []) {
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket }))
      for (const { Key } of Contents) add('object', `${Bucket}/${Key}`);
    if (!Bucket?.startsWith('odmd-artifacts-')) continue;
    const { Versions = [], DeleteMarkers = [] } = await client.send(
      new ListObjectVersionsCommand({ Bucket }),
    );
    for (const { Key, VersionId } of Versions) add('version', `${Bucket}/${Key} ${VersionId}`);
    for (const { Key, VersionId } of DeleteMarkers) add('marker', `${Bucket}/${Key} ${VersionId}`);
  }
  const { QueueUrls = [] } = await new SQSClient(settings).send(new ListQueuesCommand({}));
  for (const url of QueueUrls) add('queue', url.slice(url.lastIndexOf('/') + 1));
  const ecr = new ECRClient(settings);
  for await (const { repositories = [] } of paginateDescribeRepositories({ client: ecr }, {}))
    for (const { repositoryName } of repositories) {
      add('repository', repositoryName);
      for await (const { imageIds = [] } of paginateListImages({ client: ecr }, { repositoryName }))
        for (const { imageTag } of imageIds) add('image', `${repositoryName}:${imageTag}`);
    }
  for await (const { Functions = [] } of paginateListFunctions({ client: new LambdaClient(settings) }, {}))
    for (const { FunctionName } of Functions) add('function', FunctionName);
  // Those of functions AWS makes itself when they run, and leaves to whoever they are of.
  for await (const { logGroups = [] } of paginateDescribeLogGroups(
    { client: new CloudWatchLogsClient(settings) },
    {},
  ))
    for (const { logGroupName } of logGroups)
      if (!logGroupName?.startsWith('/aws/lambda/')) add('log', logGroupName);
  const events = new EventBridgeClient(settings);
  const { EventBuses = [] } = await events.send(new ListEventBusesCommand({}));
  for (const { Name: EventBusName } of EventBuses) {
    const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName }));
    for (const { Name } of Rules) add('rule', `${EventBusName}/${Name}`);
  }
  return found;
}
