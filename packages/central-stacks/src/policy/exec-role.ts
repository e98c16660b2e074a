import { type EnverEntry, stackName } from '@ondemandenv/contracts-base';
import type { EnverArns } from './enver.js';
import type { Statement } from './statement.js';

/** Services whose actions do not happen in a region. */
const GLOBAL_SERVICES = new Set(['cloudfront', 'iam', 'route53', 'waf']);

/** Never had as a whole, whatever an entry says: they reach the roles and stacks of others. */
const PLATFORM_SERVICES = new Set(['cloudformation', 'iam', 'sts']);

/** What CloudFormation may do for an enver: what its contract declares, and roles of its own below the boundary. */
export function execStatements(entry: EnverEntry, arns: EnverArns): Statement[] {
  const services = entry.exec.services.filter((service) => !PLATFORM_SERVICES.has(service));
  const regional = services.filter((service) => !GLOBAL_SERVICES.has(service));
  const roles = services.length > 0;
  const declared = 'the contract declares whole services; the boundary and the account are the limits';
  const below = 'CloudFormation names the roles of applications; the path is the enver’s own';
  return [
    {
      sid: 'DeployDeclaredServices',
      actions: regional.map((service) => `${service}:*`),
      resources: regional.length > 0 ? ['*'] : [],
      wildcard: declared,
      conditions: { StringEquals: { 'aws:RequestedRegion': entry.region } },
    },
    {
      sid: 'DeployDeclaredGlobalServices',
      actions: services.filter((service) => GLOBAL_SERVICES.has(service)).map((service) => `${service}:*`),
      resources: services.some((service) => GLOBAL_SERVICES.has(service)) ? ['*'] : [],
      wildcard: declared,
    },
    {
      sid: 'ReadOwnAssets',
      actions: ['s3:GetObject'],
      resources: roles ? [arns.assets] : [],
      wildcard: 'assets have the hash of their content in their names; the prefix is the enver’s own',
    },
    {
      sid: 'MakeOwnRolesBelowBoundary',
      actions: [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:DeleteRolePolicy',
        'iam:DetachRolePolicy',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
      ],
      resources: roles ? [arns.appRoles] : [],
      conditions: { StringEquals: { 'iam:PermissionsBoundary': arns.appBoundary } },
      wildcard: below,
    },
    {
      sid: 'KeepOwnRoles',
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
      ],
      resources: roles ? [arns.appRoles] : [],
      wildcard: below,
    },
    {
      sid: 'KeepOwnPolicies',
      actions: [
        'iam:CreatePolicy',
        'iam:CreatePolicyVersion',
        'iam:DeletePolicy',
        'iam:DeletePolicyVersion',
        'iam:GetPolicy',
        'iam:GetPolicyVersion',
        'iam:ListPolicyVersions',
      ],
      resources: roles ? [arns.appPolicies] : [],
      wildcard: below,
    },
    {
      sid: 'PassOwnRoles',
      actions: ['iam:PassRole'],
      resources: roles ? [arns.appRoles] : [],
      wildcard: below,
    },
    ...entry.exec.statements.map(({ effect, actions, resources, conditions }, index): Statement => {
      const named = resources.map((resource) => resource.replaceAll('{enver}', stackName(entry.id)));
      return {
        sid: `Contract${index + 1}`,
        effect,
        actions,
        resources: named,
        ...(conditions && { conditions }),
        wildcard: 'the contract declares it, word for word',
      };
    }),
  ];
}
