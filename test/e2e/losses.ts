import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BillingMode,
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type KeyType,
  type ProjectionType,
  type ScalarAttributeType,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm';
import { CENTRAL } from '@ondemandenv/central-stacks';
import { root } from '../emulator/place.js';
import type { Landscape } from './landscape.js';

const guide = readFileSync(join(root, 'docs/install.md'), 'utf8');

/**
 * Deletes the table of records, and makes an empty one as the guide says.
 *
 * @returns the shapes of both
 */
export async function loseTable(land: Landscape): Promise<{ before: object; after: object }> {
  const client = new DynamoDBClient(land.as('central'));
  const TableName = CENTRAL.table;
  const before = await shape(client, TableName);
  await client.send(new DeleteTableCommand({ TableName }));
  await waitUntilTableNotExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName });
  await client.send(new CreateTableCommand(tableOfGuide()));
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName });
  return { before, after: await shape(client, TableName) };
}

/** What decides whether the platform can work with a table. */
async function shape(client: DynamoDBClient, TableName: string): Promise<object> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const { AttributeDefinitions = [], KeySchema, GlobalSecondaryIndexes = [] } = Table ?? {};
  return {
    attributes: AttributeDefinitions.map(
      ({ AttributeName, AttributeType }) => `${AttributeName} ${AttributeType}`,
    ).sort(),
    KeySchema,
    indexes: GlobalSecondaryIndexes.map((index) => [index.IndexName, index.KeySchema, index.Projection]),
  };
}

/** The arguments of the guide's `aws dynamodb create-table`. */
function tableOfGuide(): CreateTableCommandInput {
  const [, command = ''] = /^aws dynamodb create-table(.*?)^aws /ms.exec(guide) ?? [];
  const [own = '', index = ''] = command.split('--global-secondary-indexes');
  const word = (text: string, pattern: RegExp) => pattern.exec(text)?.[1] ?? '';
  const keys = (text: string) =>
    [...text.matchAll(/AttributeName=(\w+),KeyType=(\w+)/g)].map(([, AttributeName, KeyType]) => ({
      AttributeName,
      KeyType: KeyType as KeyType,
    }));
  return {
    TableName: word(own, /--table-name (\S+)/),
    BillingMode: word(own, /--billing-mode (\S+)/) as BillingMode,
    AttributeDefinitions: [...own.matchAll(/AttributeName=(\w+),AttributeType=(\w)/g)].map(
      ([, AttributeName, AttributeType]) => ({
        AttributeName,
        AttributeType: AttributeType as ScalarAttributeType,
      }),
    ),
    KeySchema: keys(own),
    GlobalSecondaryIndexes: [
      {
        IndexName: word(index, /IndexName=(\w+)/),
        KeySchema: keys(index),
        Projection: { ProjectionType: word(index, /ProjectionType=(\w+)/) as ProjectionType },
      },
    ],
  };
}

/** Deletes everything in a bucket, with all versions. */
export async function emptyBucket(client: S3Client, Bucket: string): Promise<void> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
  const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
  if (Objects.length > 0) await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
}

/** The newest value of every product, by its path. */
export async function productValues(land: Landscape): Promise<Readonly<Record<string, string>>> {
  const client = new SSMClient(land.as('central'));
  const found: Record<string, string> = {};
  const pages = paginateGetParametersByPath({ client }, { Path: '/odmd-share', Recursive: true });
  for await (const { Parameters = [] } of pages)
    for (const { Name = '', Value = '' } of Parameters) found[Name] = Value;
  return found;
}
