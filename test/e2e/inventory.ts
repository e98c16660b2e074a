import { CloudFormationClient, paginateListStacks } from '@aws-sdk/client-cloudformation';
import { ECRClient, paginateDescribeRepositories, paginateListImages } from '@aws-sdk/client-ecr';
import { IAMClient, paginateListRoles } from '@aws-sdk/client-iam';
import { ListBucketsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm';
import { ACCOUNTS, type AccountName } from './accounts.js';
import type { Landscape } from './landscape.js';

/** Everything in every account that an enver could have left behind, each as `account service name`, in order. */
export async function inventory(land: Landscape): Promise<string[]> {
  const names = Object.keys(ACCOUNTS) as AccountName[];
  return (await Promise.all(names.map((name) => inAccount(land, name)))).flat().sort();
}

async function inAccount(land: Landscape, name: AccountName): Promise<string[]> {
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
  for (const { Name: Bucket } of (await client.send(new ListBucketsCommand({}))).Buckets ?? [])
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket }))
      for (const { Key } of Contents) add('object', `${Bucket}/${Key}`);
  const { QueueUrls = [] } = await new SQSClient(settings).send(new ListQueuesCommand({}));
  for (const url of QueueUrls) add('queue', url.slice(url.lastIndexOf('/') + 1));
  const ecr = new ECRClient(settings);
  for await (const { repositories = [] } of paginateDescribeRepositories({ client: ecr }, {}))
    for (const { repositoryName } of repositories) {
      add('repository', repositoryName);
      for await (const { imageIds = [] } of paginateListImages({ client: ecr }, { repositoryName }))
        for (const { imageTag } of imageIds) add('image', `${repositoryName}:${imageTag}`);
    }
  return found;
}
