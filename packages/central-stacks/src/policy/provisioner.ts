import { BOUNDARY } from '@ondemandenv/contracts-base';
import type { Statement } from './statement.js';

/**
 * What the platform does in an account: it makes roles for envers, each below the boundary, and repositories; when an
 * enver goes it removes those, and the enver's own stacks by the role that made them.
 */
export function provisionerStatements(account: string): Statement[] {
  const stacks = `arn:aws:cloudformation:*:${account}:stack/odmd-enver-*/*`;
  const roles = `arn:aws:iam::${account}:role/odmd/*`;
  return [
    {
      sid: 'KeepEnverStacks',
      actions: [
        'cloudformation:CreateStack',
        'cloudformation:DeleteStack',
        'cloudformation:DescribeStackEvents',
        'cloudformation:DescribeStacks',
        'cloudformation:GetTemplate',
        'cloudformation:UpdateStack',
      ],
      resources: [stacks],
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
    },
    {
      sid: 'RemoveStacksOfEnvers',
      actions: ['cloudformation:DeleteStack'],
      resources: [`arn:aws:cloudformation:*:${account}:stack/*`],
      conditions: { ArnLike: { 'cloudformation:RoleArn': `arn:aws:iam::${account}:role/odmd/*-exec` } },
    },
    {
      sid: 'FollowStacksOfEnvers',
      actions: ['cloudformation:DescribeStackEvents', 'cloudformation:DescribeStacks'],
      resources: [`arn:aws:cloudformation:*:${account}:stack/*`],
    },
    {
      sid: 'PassExecRoles',
      actions: ['iam:PassRole'],
      resources: [`arn:aws:iam::${account}:role/odmd/*-exec`],
      conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
    },
    {
      sid: 'RemoveAssetsOfEnvers',
      actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:ListBucket', 's3:ListBucketVersions'],
      resources: [`arn:aws:s3:::odmd-artifacts-${account}-*`],
    },
  ];
}
