import { EVENT_BUS, manifestBucket, PROVISIONED_BY } from '@ondemandenv/contracts-base';
import type { CentralPlace } from '../policy/enver.js';
import type { Statement } from '../policy/statement.js';
import { CENTRAL, functionName } from './names.js';

/** The permissions of the platform's own functions, by what they need them for. */
export function platformStatements({ account, region }: CentralPlace) {
  const table = `arn:aws:dynamodb:${region}:${account}:table/${CENTRAL.table}`;
  const bucket = `arn:aws:s3:::${manifestBucket(account, region)}`;
  const parameter = (path: string) => `arn:aws:ssm:${region}:${account}:parameter/${path}`;
  const everyIndex = 'its indexes are read as the table is';
  const everyEnver = 'the platform keeps what is stored for every enver, and they come and go';
  const queue = `arn:aws:sqs:${region}:${account}:${CENTRAL.queue}`;
  return {
    enqueue: { sid: 'Enqueue', actions: ['sqs:SendMessage'], resources: [queue] },
    countWork: { sid: 'CountWork', actions: ['sqs:GetQueueAttributes'], resources: [queue] },
    keepRecords: {
      sid: 'KeepRecords',
      actions: [
        'dynamodb:BatchGetItem',
        'dynamodb:BatchWriteItem',
        'dynamodb:ConditionCheckItem',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
      ],
      resources: [table, `${table}/index/*`],
      wildcard: everyIndex,
    },
    readRecords: {
      sid: 'ReadRecords',
      actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
      resources: [table, `${table}/index/*`],
      wildcard: everyIndex,
    },
    readManifests: {
      sid: 'ReadManifests',
      actions: ['s3:GetObject'],
      resources: [`${bucket}/manifests/*`],
      wildcard: 'a manifest is named by the commit that it was made of',
    },
    // Without it a manifest that is not there looks like one that may not be read.
    findManifests: { sid: 'FindManifests', actions: ['s3:ListBucket'], resources: [bucket] },
    writeEntries: {
      sid: 'WriteEntries',
      actions: ['s3:DeleteObject', 's3:PutObject'],
      resources: [`${bucket}/entries/*`],
      wildcard: everyEnver,
    },
    readValues: {
      sid: 'ReadValues',
      actions: ['ssm:GetParameters', 'ssm:GetParametersByPath'],
      resources: [parameter('odmd-share/*'), parameter('odmd-state/*')],
      wildcard: everyEnver,
    },
    writeDispatches: {
      sid: 'WriteDispatches',
      actions: ['ssm:PutParameter'],
      resources: [parameter('odmd-state/*/dispatch')],
      wildcard: everyEnver,
    },
    // Which numbers GitHub gave the repositories, as they were first seen.
    knowRepositories: {
      sid: 'KnowRepositories',
      actions: ['ssm:PutParameter'],
      resources: [parameter('odmd-state/repos/*')],
      wildcard: 'repositories are known by their names, and come and go',
    },
    removeValues: {
      sid: 'RemoveValuesOfWhatIsGone',
      actions: ['ssm:DeleteParameters'],
      resources: [parameter('odmd-share/*'), parameter('odmd-state/*')],
      wildcard: everyEnver,
    },
    announce: {
      sid: 'Announce',
      actions: ['events:PutEvents'],
      resources: [`arn:aws:events:${region}:${account}:event-bus/${EVENT_BUS}`],
      conditions: { StringEquals: { 'events:source': 'odmd' } },
    },
    alarm: {
      sid: 'Alarm',
      actions: ['sns:Publish'],
      resources: [`arn:aws:sns:${region}:${account}:${CENTRAL.alarms}`],
    },
    askProvisioner: {
      sid: 'AskProvisioner',
      actions: ['lambda:InvokeFunction'],
      resources: [`arn:aws:lambda:${region}:${account}:function:${functionName('provisioner')}`],
    },
    becomeProvisioner: {
      sid: 'BecomeProvisionerOfAnAccount',
      actions: ['sts:AssumeRole'],
      resources: [`arn:aws:iam::*:role/${PROVISIONED_BY}`],
      wildcard: 'an account lets it in by having that role, which trusts this function alone',
    },
    readAppSecret: {
      sid: 'ReadAppSecret',
      actions: ['secretsmanager:GetSecretValue'],
      resources: [`arn:aws:secretsmanager:${region}:${account}:secret:${CENTRAL.appSecret}-??????`],
    },
  } as const satisfies Record<string, Statement>;
}
