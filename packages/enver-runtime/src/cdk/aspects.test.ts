import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appRolePath, cloneRevisionPath, Revision } from '@ondemandenv/contracts-base';
import { CfnResource, NestedStack, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { CfnLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shop } from '../testing/shop.js';
import { EnverApp, EnverStack } from './index.js';

// The CDK's own validation of templates takes seconds; this is not its test.
process.env.CDK_VALIDATION = 'false';

const MAIN = { ODMD_ENVER: 'orders/b..main' };
const CLONE = {
  ODMD_ENVER: `orders/${cloneRevisionPath(Revision.branch('main'), Revision.branch('feature/x'))}`,
  ODMD_REVISION: 'feature/x',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'odmd-cdk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function stackOf(env: Record<string, string> = MAIN, nag = false): EnverStack {
  const surroundings = { env, cwd: folder, say: () => undefined };
  return new EnverStack(new EnverApp(shop.orders, { surroundings, nag, outdir: join(folder, 'out') }));
}

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

function resourcesOf(stack: Stack, type: string): Resource[] {
  const all = Object.values(Template.fromStack(stack).toJSON().Resources as Record<string, Resource>);
  return all.filter(({ Type }) => Type === type);
}

describe('a role', () => {
  it('has the boundary and the path of its enver, also one of a custom resource', () => {
    const stack = stackOf();
    new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), path: '/elsewhere/' });
    new Bucket(stack, 'Bucket', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
    const roles = resourcesOf(stack, 'AWS::IAM::Role');
    expect(roles).toHaveLength(2);
    for (const { Properties } of roles)
      expect(Properties).toMatchObject({
        Path: '/odmd/orders/app/orders--main/',
        PermissionsBoundary: 'arn:aws:iam::444444444444:policy/odmd-app-boundary',
      });
  });

  it('of the resources that empty the buckets of a clone has them too', () => {
    const stack = stackOf(CLONE);
    new Bucket(stack, 'Bucket');
    const [role, ...others] = resourcesOf(stack, 'AWS::IAM::Role');
    expect(others).toEqual([]);
    expect(role?.Properties).toMatchObject({
      Path: appRolePath(CLONE.ODMD_ENVER),
      PermissionsBoundary: expect.stringContaining('/odmd-app-boundary'),
    });
  });

  it('may have policies of its own, on the same path', () => {
    const stack = stackOf();
    new ManagedPolicy(stack, 'Policy', {
      statements: [new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })],
    });
    const [policy] = resourcesOf(stack, 'AWS::IAM::ManagedPolicy');
    expect(policy?.Properties).toMatchObject({ Path: '/odmd/orders/app/orders--main/' });
    expect(policy?.Properties).not.toHaveProperty('PermissionsBoundary');
  });
});

describe('what a clone made', () => {
  function fill(stack: EnverStack): EnverStack {
    new Bucket(stack, 'Bucket');
    new CfnBucket(stack, 'PlainBucket');
    new Bucket(stack, 'OwnWay', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
    new Repository(stack, 'Repository');
    new Table(stack, 'Table', { partitionKey: { name: 'id', type: 'S' as never }, deletionProtection: true });
    new CfnResource(stack, 'Database', {
      type: 'AWS::RDS::DBCluster',
      properties: { DeletionProtection: true },
    });
    new Queue(stack, 'Queue');
    return stack;
  }

  it('goes with its stacks', () => {
    const stack = fill(stackOf(CLONE));
    for (const type of [
      'AWS::S3::Bucket',
      'AWS::ECR::Repository',
      'AWS::DynamoDB::Table',
      'AWS::RDS::DBCluster',
    ])
      for (const resource of resourcesOf(stack, type))
        expect(resource).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    expect(resourcesOf(stack, 'Custom::S3AutoDeleteObjects')).toHaveLength(3);
    expect(resourcesOf(stack, 'AWS::ECR::Repository')[0]?.Properties).toMatchObject({ EmptyOnDelete: true });
    expect(resourcesOf(stack, 'AWS::DynamoDB::Table')[0]?.Properties).toMatchObject({
      DeletionProtectionEnabled: false,
    });
    expect(resourcesOf(stack, 'AWS::RDS::DBCluster')[0]?.Properties).toMatchObject({
      DeletionProtection: false,
    });
  });

  it('goes also where the protection is not a property of its own', () => {
    const stack = stackOf(CLONE);
    new TableV2(stack, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      deletionProtection: true,
    });
    const loadBalancerAttributes = [{ key: 'deletion_protection.enabled', value: 'true' }];
    new CfnLoadBalancer(stack, 'Front', { loadBalancerAttributes });
    const [table] = resourcesOf(stack, 'AWS::DynamoDB::GlobalTable');
    expect(table).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { Replicas: [{ DeletionProtectionEnabled: false }] },
    });
    const [front] = resourcesOf(stack, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
    expect(front?.Properties.LoadBalancerAttributes).toContainEqual({
      Key: 'deletion_protection.enabled',
      Value: 'false',
    });
  });

  it('includes the logs of functions', () => {
    const stack = stackOf(CLONE);
    const runtime = { runtime: Runtime.NODEJS_24_X, handler: 'index.handler' };
    new Lambda(stack, 'Function', { ...runtime, code: Code.fromInline('exports.handler = () => 1') });
    expect(resourcesOf(stack, 'AWS::Logs::LogGroup')).toMatchObject([{ DeletionPolicy: 'Delete' }]);
  });

  it('stays as the app says in an enver that is not ephemeral', () => {
    const stack = fill(stackOf());
    expect(resourcesOf(stack, 'Custom::S3AutoDeleteObjects')).toHaveLength(1);
    expect(resourcesOf(stack, 'AWS::DynamoDB::Table')[0]).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { DeletionProtectionEnabled: true },
    });
    expect(resourcesOf(stack, 'AWS::RDS::DBCluster')[0]).not.toHaveProperty('DeletionPolicy');
  });
});

describe('a warning', () => {
  const warnings = (stack: Stack) =>
    Annotations.fromStack(stack)
      .findWarning('*', Match.anyValue())
      .map(({ id, entry }) => `${id} ${entry.data}`);

  it('tells names that every clone would have', () => {
    const stack = stackOf(CLONE);
    new Queue(stack, 'Fixed', { queueName: 'orders' });
    new CfnResource(stack, 'Raw', { type: 'AWS::SNS::Topic', properties: { TopicName: 'orders' } });
    expect(warnings(stack).sort()).toEqual([
      expect.stringMatching(/^\/.*\/Fixed\/Resource QueueName is "orders" in every clone/),
      expect.stringMatching(/^\/.*\/Raw TopicName is "orders" in every clone/),
    ]);
  });

  it('does not tell those that are made for the enver, or by CloudFormation', () => {
    const stack = stackOf(CLONE);
    new Queue(stack, 'Made', { queueName: stack.physicalName('orders', 24) });
    new Queue(stack, 'Derived', { queueName: `${stack.stackName}-orders`.slice(-80) });
    new Queue(stack, 'Late', { queueName: `${stack.region}-${Stack.of(stack).stackId}` });
    new Queue(stack, 'Free');
    expect(warnings(stack)).toEqual([]);
  });

  it('tells nested stacks', () => {
    const stack = stackOf();
    new Queue(new NestedStack(stack, 'Inner'), 'Queue');
    expect(warnings(stack)).toEqual([
      expect.stringContaining('a nested stack has a name that the contract does not know'),
    ]);
  });
});

describe('cdk-nag', () => {
  const synthesise = (nag: boolean, acknowledge = false) => {
    const stack = stackOf(MAIN, nag);
    const queue = new Queue(stack, 'Queue');
    if (acknowledge)
      Validations.of(queue).acknowledge(
        { id: 'AwsSolutions-SQS3', reason: 'a test' },
        { id: 'AwsSolutions-SQS4', reason: 'a test' },
      );
    return () => stack.app.synth();
  };

  it('holds the app against its rules, unless a reason is given or it is turned off', () => {
    expect(synthesise(true)).toThrow(/AwsSolutions|Validation failed/);
    expect(synthesise(true, true)).not.toThrow();
    expect(synthesise(false)).not.toThrow();
  });

  it('finds nothing in what is added to let a clone go', () => {
    const stack = stackOf(CLONE, true);
    const bucket = new Bucket(stack, 'Bucket', { enforceSSL: true });
    Validations.of(bucket).acknowledge({ id: 'AwsSolutions-S1', reason: 'a test' });
    new Repository(stack, 'Repository');
    expect(() => stack.app.synth()).not.toThrow();
  });
});
