import { BOUNDARY } from '@ondemandenv/contracts-base';
import type { Statement } from './statement.js';

/**
 * What the platform does in an account: it makes roles for envers, each below the boundary, and repositories; when an
 * enver goes it removes those, and the enver's own stacks by the role that made them.
 */
export function provisionerStatements(account: string): Statement[] {
  const stacks = `arn:aws:cloudformation:*:${account}:stack/odmd-enver-*/*`;
  const roles = `arn:aws:iam::${account}:role/odmd/*`;
  const everyEnver = 'envers come and go: their roles have a path of their own, and the boundary';
  return [
    {
      sid: 'KeepEnverStacks',
      actions: [
        'cloudformation:CreateStack',
        'cloudformation:DeleteStack',
        'cloudformation:DescribeStackEvents',
        'cloudformation:DescribeStacks',
        'cloudformation:GetTemplate',
        // Nobody calls them: CloudFormation asks for them where the request has tags.
        'cloudformation:TagResource',
        'cloudformation:UntagResource',
        'cloudformation:UpdateStack',
      ],
      resources: [stacks],
      wildcard: 'envers come and go: the stacks that the platform makes for them have names of their own',
    },
    {
      sid: 'MakeRolesBelowBoundary',
      actions: [
        'iam:CreateRole',
        'iam:DeleteRolePolicy',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
      ],
      resources: [roles],
      conditions: {
        StringEquals: { 'iam:PermissionsBoundary': `arn:aws:iam::${account}:policy/${BOUNDARY}` },
      },
      wildcard: everyEnver,
    },
    {
      sid: 'KeepRoles',
      actions: [
        'iam:DeleteRole',
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListRolePolicies',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
        'iam:UpdateRoleDescription',
      ],
      resources: [roles],
      wildcard: everyEnver,
    },
    {
      sid: 'KeepRepositories',
      actions: [
        'ecr:BatchDeleteImage',
        'ecr:CreateRepository',
        'ecr:DeleteLifecyclePolicy',
        'ecr:DeleteRepository',
        'ecr:DeleteRepositoryPolicy',
        'ecr:DescribeRepositories',
        'ecr:GetLifecyclePolicy',
        'ecr:GetRepositoryPolicy',
        'ecr:ListImages',
        'ecr:ListTagsForResource',
        'ecr:PutImageScanningConfiguration',
        'ecr:PutImageTagMutability',
        'ecr:PutLifecyclePolicy',
        'ecr:SetRepositoryPolicy',
        'ecr:TagResource',
        'ecr:UntagResource',
      ],
      resources: [`arn:aws:ecr:*:${account}:repository/*`],
      wildcard: 'contracts name repositories after builds, which nobody knows beforehand',
    },
    {
      sid: 'RemoveStacksOfEnvers',
      actions: ['cloudformation:DeleteStack'],
      resources: [`arn:aws:cloudformation:*:${account}:stack/*`],
      conditions: { ArnLike: { 'cloudformation:RoleArn': `arn:aws:iam::${account}:role/odmd/*-exec` } },
      wildcard: 'contracts name stacks; only those go that go by the exec role of an enver',
    },
    {
      sid: 'FollowStacksOfEnvers',
      actions: ['cloudformation:DescribeStackEvents', 'cloudformation:DescribeStacks'],
      resources: [`arn:aws:cloudformation:*:${account}:stack/*`],
      wildcard: 'contracts name stacks, and looking at one that goes changes nothing',
    },
    {
      sid: 'PassExecRoles',
      actions: ['iam:PassRole'],
      resources: [`arn:aws:iam::${account}:role/odmd/*-exec`],
      wildcard: everyEnver,
      conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
    },
    {
      sid: 'RemoveAssetsOfEnvers',
      actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:ListBucket', 's3:ListBucketVersions'],
      resources: [`arn:aws:s3:::odmd-artifacts-${account}-*`],
      wildcard: 'an account has one such bucket in every region with envers',
    },
  ];
}
