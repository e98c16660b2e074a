import {
  APP_BOUNDARY,
  appRolePath,
  BOUNDARY,
  type EnverEntry,
  roleArn,
  roleNames,
  stackName,
} from '@ondemandenv/contracts-base';
import { allow, trustAccount, trustService } from '../../emulator/identities.js';
import { roleOf } from '../attempts.js';
import type { Landscape } from '../landscape.js';
import { administrators } from '../never-allowed.js';

/*
 * What apps of the services could have in their stacks. The exec role of the enver makes it, or refuses to.
 */

/** Name of the role that an enver's app has. */
const appRole = ({ id }: EnverEntry): string => `${stackName(id)}-app`;

export const appRoleArn = (own: EnverEntry): string =>
  roleArn(own.account.id, appRolePath(own.id), appRole(own));

const policy = ({ account }: EnverEntry, name: string) => `arn:aws:iam::${account.id}:policy/${name}`;

/** A role of an application that is let do everything: what it may do is then what the boundary leaves. */
const role = (own: EnverEntry, change: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: appRole(own),
    Path: appRolePath(own.id),
    PermissionsBoundary: policy(own, APP_BOUNDARY),
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [trustService('lambda'), trustAccount(own.account.id)],
    },
    Policies: [
      { PolicyName: 'everything', PolicyDocument: { Version: '2012-10-17', Statement: [allow('*')] } },
    ],
    ...change,
  },
});

const lambda = (own: EnverEntry, Role: string, more: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  ...more,
  Properties: {
    FunctionName: `${stackName(own.id)}-function`,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Code: { ZipFile: 'exports.handler = async () => {};' },
    Role,
  },
});

const managed = (own: EnverEntry, Path: string) => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: {
    ManagedPolicyName: `${stackName(own.id)}-policy`,
    Path,
    PolicyDocument: { Version: '2012-10-17', Statement: [allow('sqs:SendMessage')] },
  },
});

/** What it may make: roles below the boundary on its own path, what has them, and what its contract declares. */
export function goodApp(own: EnverEntry): object {
  return {
    Role: role(own),
    Policy: managed(own, appRolePath(own.id)),
    Queue: { Type: 'AWS::SQS::Queue' },
    Function: lambda(own, appRoleArn(own), { DependsOn: 'Role' }),
  };
}

/** Each of these has one thing in it that it may not make. @param other an enver with an exec role */
export function badApps(
  land: Landscape,
  own: EnverEntry,
  other: EnverEntry,
): [what: string, resources: object][] {
  return [
    ...escapes(land, own),
    ['a role on the path of another’s applications', { Role: role(own, { Path: appRolePath(other.id) }) }],
    ['a policy outside of its path', { Policy: managed(own, '/') }],
    ['a function with another’s exec role', { Function: lambda(own, roleOf(other, 'exec')) }],
    ['a function with its own exec role', { Function: lambda(own, roleOf(own, 'exec')) }],
  ];
}

/** Of them, what the boundary alone refuses, whatever the policies of the exec role say. */
export function escapes(land: Landscape, own: EnverEntry): [what: string, resources: object][] {
  const [deployer = ''] = administrators(land, own);
  return [
    ['a function with the role of an administrator', { Function: lambda(own, deployer) }],
    ['a role without the boundary', { Role: role(own, { PermissionsBoundary: undefined }) }],
    ['a role below another boundary', { Role: role(own, { PermissionsBoundary: policy(own, BOUNDARY) }) }],
    ['a role outside of its path', { Role: role(own, { Path: '/' }) }],
    ['a role beside those of the platform', { Role: role(own, { Path: roleNames(own.id).path }) }],
    ['a user', { User: { Type: 'AWS::IAM::User', Properties: { UserName: 'somebody' } } }],
  ];
}
