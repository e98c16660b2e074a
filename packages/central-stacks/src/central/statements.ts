import { EVENT_BUS, manifestBucket, PROVISIONED_BY } from '@ondemandenv/contracts-base';
import type { CentralPlace } from '../policy/enver.js';
import type { Statement } from '../policy/statement.js';
import { CENTRAL, functionName } from './names.js';

/** The permissions of the platform's own functions, by what they need them for. */
export function platformStatements({ account, region }: CentralPlace) {
  const table = `arn:aws:dynamodb:${region}:${account}:table/${CENTRAL.table}`;
  const bucket = `arn:aws:s3:::${manifestBucket(account, region)}`;
  const parameter = (path: string) => `arn:aws:ssm:${region}:${account}:parameter/${path}`;
  const queue = `arn:aws:sqs:${region}:${account}:${CENTRAL.queue}`;
  return {
    enqueue: { sid: 'Enqueue', actions: ['sqs:SendMessage'], resources: [queue] },
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
    },
    readRecords: {
      sid: 'ReadRecords',
      actions: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
      resources: [table, `${table}/index/*`],
    },
    readManifests: {
      sid: 'ReadManifests',
      actions: ['s3:GetObject'],
      resources: [`${bucket}/manifests/*`],
    },
    // Without it a manifest that is not there looks like one that may not be read.
    findManifests: { sid: 'FindManifests', actions: ['s3:ListBucket'], resources: [bucket] },
    writeEntries: {
      sid: 'WriteEntries',
      actions: ['s3:DeleteObject', 's3:PutObject'],
      resources: [`${bucket}/entries/*`],
    },
    readValues: {
      sid: 'ReadValues',
      actions: ['ssm:GetParameters', 'ssm:GetParametersByPath'],
      resources: [parameter('odmd-share/*'), parameter('odmd-state/*')],
    },
    writeDispatches: {
      sid: 'WriteDispatches',
      actions: ['ssm:PutParameter'],
      resources: [parameter('odmd-state/*/dispatch')],
    },
    removeValues: {
      sid: 'RemoveValuesOfWhatIsGone',
      actions: ['ssm:DeleteParameters'],
      resources: [parameter('odmd-share/*'), parameter('odmd-state/*')],
    },
    announce: {
      sid: 'Announce',
      actions: ['events:PutEvents'],
      resources: [`arn:aws:events:${region}:${account}:event-bus/${EVENT_BUS}`],
      conditions: { StringEquals: { 'events:source': 'odmd' } },
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
    },
    readAppSecret: {
      sid: 'ReadAppSecret',
      actions: ['secretsmanager:GetSecretValue'],
      resources: [`arn:aws:secretsmanager:${region}:${account}:secret:${CENTRAL.appSecret}-??????`],
    },
  } as const satisfies Record<string, Statement>;
}
