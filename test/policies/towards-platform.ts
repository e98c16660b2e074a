import { CENTRAL, type CentralPlace, FUNCTIONS, functionName } from '@ondemandenv/central-stacks';
import {
  APP_BOUNDARY,
  appRolePath,
  artifactBucket,
  BOUNDARY,
  EVENT_BUS,
  eventSource,
  manifestBucket,
  roleArn,
  roleNames,
} from '@ondemandenv/contracts-base';
import { type Ask, type Case, casesOf, forbiddenRoles, type Party, PLATFORM } from './cases.js';
import type { Org } from './org.js';

/** What every role of one enver may do to what is the platform's, and to permissions. */
export function towardsPlatform(org: Org, asking: Party): Case[] {
  const accounts = [...new Set([asking.entry.account.id, org.central.account])];
  return [
    ...casesOf(asking, PLATFORM, [
      ...stores(org.central, asking),
      ...ownStacks(org.central, asking),
      ...accounts.flatMap((account) => forbidden(account, asking)),
    ]),
    ...casesOf(asking, asking.entry.id, permissions(asking)),
  ];
}

/** What the platform remembers, is told and keeps secret. */
function stores({ account, region }: CentralPlace, { entry }: Party): Ask[] {
  const at = { owner: account, region };
  const arn = (service: string, name: string) => `arn:aws:${service}:${region}:${account}:${name}`;
  const manifests = `arn:aws:s3:::${manifestBucket(account, region)}`;
  const artifacts = `arn:aws:s3:::${artifactBucket(entry.account.id, entry.region)}`;
  const asks = (
    question: string,
    resource: string,
    actions: readonly string[],
    more: Partial<Ask> = {},
  ): Ask[] => actions.map((action) => ({ ...at, question, resource, action, ...more }));
  const bus = arn('events', `event-bus/${EVENT_BUS}`);
  const publishes = entry.kind === 'contractsLib';
  return [
    ...asks('have the key of the GitHub App', arn('secretsmanager', `secret:${CENTRAL.appSecret}-AbCdEf`), [
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:DeleteSecret',
    ]),
    ...asks('have the records', arn('dynamodb', `table/${CENTRAL.table}`), [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:DeleteTable',
    ]),
    ...[CENTRAL.queue, CENTRAL.deadLetters].flatMap((name) =>
      asks('have the work', arn('sqs', name), ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:PurgeQueue'], {
        resourcePolicy: arn('sqs', name),
      }),
    ),
    ...['odmd', 'aws.ec2'].flatMap((source) =>
      asks('speak as somebody else', bus, ['events:PutEvents'], {
        resourcePolicy: bus,
        context: { 'events:source': source },
      }),
    ),
    ...asks('speak as the enver on another bus', arn('events', 'event-bus/default'), ['events:PutEvents'], {
      context: { 'events:source': eventSource(entry.id) },
    }),
    ...asks('change the bus', bus, ['events:PutPermission', 'events:DeleteEventBus']),
    ...asks('change what listens', arn('events', `rule/${EVENT_BUS}/odmd-rule`), ['events:PutTargets']),
    ...asks('send alarms', arn('sns', CENTRAL.alarms), ['sns:Publish', 'sns:Subscribe'], {
      resourcePolicy: arn('sns', CENTRAL.alarms),
    }),
    // Anybody may send to the ingress, which takes what GitHub signed.
    ...FUNCTIONS.filter((name) => name !== 'ingress').flatMap((name) => {
      const resource = arn('lambda', `function:${functionName(name)}`);
      const actions = ['InvokeFunction', 'InvokeFunctionUrl', 'UpdateFunctionCode', 'AddPermission'];
      return asks(
        name === 'api' ? 'ask the platform, as people do' : 'have a function',
        resource,
        actions.map((action) => `lambda:${action}`),
        { resourcePolicy: resource, context: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
      );
    }),
    ...asks('publish a manifest', `${manifests}/manifests/abc.json`, ['s3:PutObject'], {
      resourcePolicy: manifests,
      others: publishes ? ['central'] : [],
    }),
    ...asks('change a bucket', manifests, ['s3:PutBucketPolicy', 's3:DeleteBucket'], {
      resourcePolicy: manifests,
    }),
    ...asks(
      'change a bucket',
      artifacts,
      [
        's3:PutBucketPolicy',
        's3:PutReplicationConfiguration',
        's3:PutLifecycleConfiguration',
        's3:DeleteBucket',
      ],
      { owner: entry.account.id, region: entry.region, resourcePolicy: artifacts },
    ),
    {
      owner: entry.account.id,
      region: entry.region,
      question: 'silence the events of stacks',
      action: 'events:DeleteRule',
      resource: `arn:aws:events:${entry.region}:${entry.account.id}:rule/odmd-stack-events`,
    },
  ];
}

/** The platform's own stacks, there and in central. */
function ownStacks(central: CentralPlace, { entry }: Party): Ask[] {
  const places = [
    { owner: entry.account.id, region: entry.region, names: ['odmd-account', 'odmd-region', 'CDKToolkit'] },
    { owner: central.account, region: central.region, names: [CENTRAL.stack, 'odmd-account', 'CDKToolkit'] },
  ];
  return places.flatMap(({ owner, region, names }) =>
    names.flatMap((name) =>
      ['UpdateStack', 'CreateChangeSet', 'DeleteStack', 'SetStackPolicy'].map((action) => ({
        owner,
        region,
        question: 'change a stack of the platform',
        action: `cloudformation:${action}`,
        resource: `arn:aws:cloudformation:${region}:${owner}:stack/${name}/*`,
      })),
    ),
  );
}

/** Roles that nobody may have, or hand to anybody. */
function forbidden(account: string, { entry }: Party): Ask[] {
  const at = { owner: account, region: entry.region };
  return forbiddenRoles(account, entry.region).flatMap(({ arn, trust }): Ask[] => [
    {
      ...at,
      question: 'become an administrator',
      action: 'sts:AssumeRole',
      resource: arn,
      resourcePolicy: trust,
    },
    {
      ...at,
      question: 'hand an administrator to CloudFormation',
      action: 'iam:PassRole',
      resource: arn,
      context: { 'iam:PassedToService': 'cloudformation.amazonaws.com' },
    },
  ]);
}

/** Ways to more permissions than the boundary leaves. */
function permissions({ entry, roles }: Party): Ask[] {
  const at = { owner: entry.account.id, region: entry.region };
  const policy = (name: string) => `arn:aws:iam::${at.owner}:policy/${name}`;
  const own = roleArn(at.owner, appRolePath(entry.id), 'New');
  const elsewhere = roleArn(at.owner, '/', 'New');
  const inBuild = roleArn(at.owner, roleNames(entry.id).path, 'New');
  const makers = roles.exec ? (['exec'] as const) : [];
  const make = (resource: string, boundary: string | undefined): Ask => ({
    ...at,
    question: 'make a role outside of its path, or without the boundary',
    action: 'iam:CreateRole',
    resource,
    ...(boundary && { context: { 'iam:PermissionsBoundary': policy(boundary) } }),
  });
  const asks: Ask[] = [
    { ...make(own, APP_BOUNDARY), question: 'make a role for its application', own: makers },
    make(own, undefined),
    make(own, BOUNDARY),
    make(elsewhere, APP_BOUNDARY),
    make(inBuild, APP_BOUNDARY),
  ];
  for (const action of ['PutRolePolicy', 'AttachRolePolicy', 'PutRolePermissionsBoundary']) {
    const ask = { ...at, action: `iam:${action}`, resource: own };
    const context = { 'iam:PermissionsBoundary': policy(APP_BOUNDARY) };
    asks.push({ ...ask, context, question: 'give permissions below the boundary', own: makers });
    asks.push({ ...ask, question: 'give permissions without the boundary' });
  }
  for (const action of ['DeleteRolePermissionsBoundary', 'CreateServiceSpecificCredential'])
    asks.push({ ...at, action: `iam:${action}`, resource: own, question: 'leave the boundary' });
  for (const name of [BOUNDARY, APP_BOUNDARY])
    for (const action of ['CreatePolicyVersion', 'DeletePolicy', 'SetDefaultPolicyVersion'])
      asks.push({ ...at, action: `iam:${action}`, resource: policy(name), question: 'change the boundary' });
  const user = `arn:aws:iam::${at.owner}:user/new`;
  for (const action of ['CreateUser', 'CreateAccessKey', 'AttachUserPolicy'])
    asks.push({ ...at, action: `iam:${action}`, resource: user, question: 'make a user' });
  const provider = `arn:aws:iam::${at.owner}:oidc-provider/token.actions.githubusercontent.com`;
  for (const action of ['CreateOpenIDConnectProvider', 'AddClientIDToOpenIDConnectProvider'])
    asks.push({ ...at, action: `iam:${action}`, resource: provider, question: 'change who is trusted' });
  return asks;
}
