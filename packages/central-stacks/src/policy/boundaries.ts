import { APP_BOUNDARY, artifactBucket, manifestBucket, PROVISIONED_BY } from '@ondemandenv/contracts-base';
import type { CentralPlace } from './enver.js';
import type { Statement } from './statement.js';

/** Ways to get more permissions than one has. */
const IAM_WRITES = [
  'iam:Add*',
  'iam:Attach*',
  'iam:Create*',
  'iam:Deactivate*',
  'iam:Delete*',
  'iam:Detach*',
  'iam:Enable*',
  'iam:Put*',
  'iam:Remove*',
  'iam:Set*',
  // By its tag a role is known to be an enver's.
  'iam:Tag*',
  'iam:Untag*',
  'iam:Update*',
  'iam:Upload*',
];

const UP_TO_HERE: Statement = {
  sid: 'UpToHere',
  actions: ['*'],
  resources: ['*'],
  wildcard: 'a boundary grants nothing: it says what is forbidden whatever else is granted',
};

/**
 * What no role that the platform makes for an enver can ever do, whatever its policies say: leave its boundary, act as
 * the account's administrators, or touch what is the platform's.
 */
export function boundaryStatements(account: string, central: CentralPlace): Statement[] {
  const role = (path: string) => `arn:aws:iam::${account}:role/${path}`;
  return [
    UP_TO_HERE,
    {
      sid: 'NoRoleOutsideThePlatform',
      effect: 'Deny',
      actions: IAM_WRITES,
      notResources: [role('odmd/*/app/*'), `arn:aws:iam::${account}:policy/odmd/*/app/*`],
    },
    {
      sid: 'NoRoleWithoutBoundary',
      effect: 'Deny',
      actions: [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
      ],
      resources: ['*'],
      conditions: {
        StringNotEquals: { 'iam:PermissionsBoundary': `arn:aws:iam::${account}:policy/${APP_BOUNDARY}` },
      },
    },
    {
      sid: 'NoWayOutOfTheBoundary',
      effect: 'Deny',
      actions: ['iam:DeleteRolePermissionsBoundary'],
      resources: ['*'],
    },
    ...neverTouched(account, central),
  ];
}

/** What no application can ever do: change permissions or stacks, become anybody but a runtime role. */
export function appBoundaryStatements(account: string, central: CentralPlace): Statement[] {
  return [
    UP_TO_HERE,
    { sid: 'NoPermissions', effect: 'Deny', actions: IAM_WRITES, resources: ['*'] },
    {
      sid: 'NoStacks',
      effect: 'Deny',
      actions: [
        'cloudformation:Cancel*',
        'cloudformation:Continue*',
        'cloudformation:Create*',
        'cloudformation:Delete*',
        'cloudformation:Execute*',
        'cloudformation:Import*',
        'cloudformation:Rollback*',
        'cloudformation:Set*',
        'cloudformation:Tag*',
        'cloudformation:Untag*',
        'cloudformation:Update*',
      ],
      resources: ['*'],
    },
    {
      sid: 'NoOtherRoleOfThePlatform',
      effect: 'Deny',
      actions: ['iam:PassRole', 'sts:AssumeRole', 'sts:TagSession'],
      resources: [
        'arn:aws:iam::*:role/odmd/*-build',
        'arn:aws:iam::*:role/odmd/*-central',
        'arn:aws:iam::*:role/odmd/*-exec',
      ],
    },
    ...neverTouched(account, central),
  ];
}

function neverTouched(account: string, central: CentralPlace): Statement[] {
  return [
    {
      sid: 'NoAdministrators',
      effect: 'Deny',
      actions: ['iam:PassRole', 'sts:AssumeRole'],
      resources: ['arn:aws:iam::*:role/cdk-*', `arn:aws:iam::*:role/${PROVISIONED_BY}`],
    },
    {
      sid: 'NoStackOfThePlatform',
      effect: 'Deny',
      actions: ['cloudformation:*'],
      resources: [
        `arn:aws:cloudformation:*:${account}:stack/odmd-*/*`,
        `arn:aws:cloudformation:*:${account}:stack/CDKToolkit/*`,
      ],
    },
    {
      sid: 'NoBucketOfThePlatform',
      effect: 'Deny',
      actions: [
        's3:DeleteBucket*',
        's3:PutBucket*',
        's3:PutEncryptionConfiguration',
        's3:PutLifecycleConfiguration',
      ],
      resources: [
        `arn:aws:s3:::${artifactBucket(account, '*')}`,
        `arn:aws:s3:::${manifestBucket(central.account, '*')}`,
      ],
    },
    {
      sid: 'NoRuleOfThePlatform',
      effect: 'Deny',
      actions: ['events:*'],
      resources: [`arn:aws:events:*:${account}:rule/odmd*`],
    },
    {
      sid: 'NoFunctionOfThePlatform',
      effect: 'Deny',
      actions: ['lambda:*'],
      resources: [`arn:aws:lambda:*:${central.account}:function:odmd-*`],
    },
    {
      sid: 'NoStoreOfThePlatform',
      effect: 'Deny',
      actions: ['dynamodb:*', 'sqs:*', 'secretsmanager:*'],
      resources: [
        `arn:aws:dynamodb:*:${central.account}:table/odmd-*`,
        `arn:aws:sqs:*:${central.account}:odmd-*`,
        `arn:aws:secretsmanager:*:${central.account}:secret:odmd-*`,
      ],
    },
  ];
}
