import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { AccountStack, RegionStack } from './index.js';

const central = { account: '111111111111', region: 'us-west-1' };
const provisioner = 'arn:aws:iam::111111111111:role/odmd-provisioner-lambda';
const account = '222222222222';

describe('AccountStack', () => {
  const stack = new AccountStack(new App(), 'Account', { account, central, provisioner });
  const template = Template.fromStack(stack);

  it('lets one role of the central account in, which makes roles below the boundary only', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'odmd-provisioner',
      AssumeRolePolicyDocument: {
        Statement: [Match.objectLike({ Condition: { ArnEquals: { 'aws:PrincipalArn': provisioner } } })],
      },
    });
    const text = JSON.stringify(template.toJSON());
    expect(text).toContain('"iam:PermissionsBoundary":"arn:aws:iam::222222222222:policy/odmd-boundary"');
    // The stack itself is out of the platform's reach.
    expect(text).not.toContain('stack/odmd-*/*"],"Sid":"KeepEnverStacks"');
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'odmd-app-boundary' });
  });

  it('makes GitHub’s identity provider, unless the account has it', () => {
    template.resourceCountIs('AWS::IAM::OIDCProvider', 1);
    const existing = new AccountStack(new App(), 'Account', {
      account,
      central,
      provisioner,
      existingProvider: true,
    });
    Template.fromStack(existing).resourceCountIs('AWS::IAM::OIDCProvider', 0);
  });
});

describe('RegionStack', () => {
  it('keeps what jobs upload in private, and tells central of every stack', () => {
    const place = { account, region: 'eu-west-1', central };
    const template = Template.fromStack(new RegionStack(new App(), 'Region', place));
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: 'odmd-artifacts-222222222222-eu-west-1',
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Sid: 'OwnAssetsOnly', Effect: 'Deny', Action: 's3:*' }),
        ]),
      },
    });
    expect(JSON.stringify(template.toJSON())).not.toContain('PublishedArtifacts');
    const consumed = new RegionStack(new App(), 'Region', { ...place, consumers: ['333333333333'] });
    Template.fromStack(consumed).hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'PublishedArtifacts',
            Effect: 'Allow',
            Action: ['s3:GetObject', 's3:GetObjectVersion'],
            Principal: { AWS: Match.objectLike({ 'Fn::Join': Match.anyValue() }) },
          }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.cloudformation'] },
      Targets: [Match.objectLike({ Arn: 'arn:aws:events:us-west-1:111111111111:event-bus/odmd' })],
    });
  });
});
