import { APP_BOUNDARY, appRolePath, type EnverEntry, roleArn } from '@ondemandenv/contracts-base';
import type { Deployed, Org } from './org.js';
import type { Actor, PolicyDocument, World } from './simulator.js';

/** What a template says about a role. */
interface RoleProperties {
  readonly RoleName?: string;
  readonly Path?: string;
  readonly PermissionsBoundary?: string;
  readonly AssumeRolePolicyDocument: PolicyDocument;
  readonly Policies?: readonly { readonly PolicyName: string; readonly PolicyDocument: PolicyDocument }[];
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

/** Policies of resources, by the property that names the resource. */
const RESOURCE_POLICIES: Readonly<
  Record<string, (at: Deployed, properties: Record<string, unknown>) => string[]>
> = {
  'AWS::S3::BucketPolicy': (_, { Bucket }) => [`arn:aws:s3:::${Bucket}`],
  'AWS::SQS::QueuePolicy': ({ account, region }, { Queues }) =>
    list(Queues).map((name) => `arn:aws:sqs:${region}:${account}:${name}`),
  'AWS::SNS::TopicPolicy': (_, { Topics }) => list(Topics),
};

/**
 * The policies and roles of an org as its templates have them; names of policies are ARNs, or of a policy inside a role
 * its ARN and the policy's name. Beside them, for each enver with an exec role, an application of the worst kind: a role
 * that may do everything, below the boundary that it has to have.
 */
export function worldOf({ entries }: Org, deployed: readonly Deployed[]): World {
  const policies: Record<string, PolicyDocument> = { everything: EVERYTHING };
  const actors: Record<string, Actor> = {};
  for (const at of deployed)
    for (const { type, properties } of at.resources) {
      if (type === 'AWS::IAM::Role') addRole(at, properties as unknown as RoleProperties, policies, actors);
      if (type === 'AWS::IAM::ManagedPolicy')
        policies[`arn:aws:iam::${at.account}:policy/${properties.ManagedPolicyName}`] = document(
          properties.PolicyDocument,
        );
      for (const arn of RESOURCE_POLICIES[type]?.(at, properties) ?? [])
        policies[arn] = document(properties.PolicyDocument);
      if (type === 'AWS::ECR::Repository' && properties.RepositoryPolicyText)
        policies[`arn:aws:ecr:${at.region}:${at.account}:repository/${properties.RepositoryName}`] = document(
          properties.RepositoryPolicyText,
        );
      if (type === 'AWS::Events::EventBusPolicy') addBusStatement(at, properties, policies);
      if (type === 'AWS::Lambda::Permission') addCaller(properties, policies);
    }
  for (const entry of entries)
    if (entry.stacks.length > 0) {
      const arn = applicationOf(entry);
      const boundary = `arn:aws:iam::${entry.account.id}:policy/${APP_BOUNDARY}`;
      actors[arn] = { arn, tags: {}, policies: ['everything'], boundary };
    }
  return { policies, actors };
}

/** The ARN of a role that an enver's own stacks make. */
export function applicationOf({ id, account }: EnverEntry): string {
  return roleArn(account.id, appRolePath(id), 'Application');
}

const EVERYTHING: PolicyDocument = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

function addRole(
  { account }: Deployed,
  role: RoleProperties,
  policies: Record<string, PolicyDocument>,
  actors: Record<string, Actor>,
): void {
  if (role.RoleName === undefined) return;
  const arn = roleArn(account, role.Path ?? '/', role.RoleName);
  policies[arn] = role.AssumeRolePolicyDocument;
  const own = role.Policies ?? [];
  for (const { PolicyName, PolicyDocument: text } of own) policies[`${arn}#${PolicyName}`] = text;
  actors[arn] = {
    arn,
    tags: Object.fromEntries((role.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    policies: own.map(({ PolicyName }) => `${arn}#${PolicyName}`),
    ...(role.PermissionsBoundary !== undefined && { boundary: role.PermissionsBoundary }),
  };
}

/** Each statement of a bus is a resource of its own. */
function addBusStatement(
  { account, region }: Deployed,
  { EventBusName, Statement }: Readonly<Record<string, unknown>>,
  policies: Record<string, PolicyDocument>,
): void {
  const arn = `arn:aws:events:${region}:${account}:event-bus/${EventBusName}`;
  const before = policies[arn]?.Statement ?? [];
  policies[arn] = { Statement: [...before, Statement as PolicyDocument['Statement'][number]] };
}

/** A function lets in accounts, or services, each by a resource of its own. */
function addCaller(
  { FunctionName, Action, Principal, FunctionUrlAuthType }: Readonly<Record<string, unknown>>,
  policies: Record<string, PolicyDocument>,
): void {
  const arn = String(FunctionName);
  const account = /^\d{12}$/.test(String(Principal));
  const statement = {
    Effect: 'Allow',
    Action,
    Resource: arn,
    Principal: account
      ? { AWS: `arn:aws:iam::${Principal}:root` }
      : Principal === '*'
        ? '*'
        : { Service: Principal },
    ...(FunctionUrlAuthType !== undefined && {
      Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': FunctionUrlAuthType } },
    }),
  };
  policies[arn] = { Statement: [...(policies[arn]?.Statement ?? []), statement] };
}

function document(value: unknown): PolicyDocument {
  return value as PolicyDocument;
}

function list(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(String);
}
