import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import { CentralStack } from './central-stack.js';
import { CENTRAL, FUNCTIONS, functionName } from './names.js';

const stack = new CentralStack(new App(), 'Central', {
  central: { account: '111111111111', region: 'us-west-1' },
  accounts: { central: '111111111111', workspace1: '222222222222' },
  installation: '{}',
  code: (name) => Code.fromInline(`exports.handler = async () => '${name}'`),
});
const template = Template.fromStack(stack);

/** The statements of the role of a function, by their ids. */
function statementsOf(description: string): string[] {
  const [role] = Object.values(
    template.findResources('AWS::IAM::Role', {
      Properties: { Description: `The platform's ${description}` },
    }),
  );
  const policies: { PolicyDocument: { Statement: { Sid: string }[] } }[] = role?.Properties.Policies ?? [];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement.map(({ Sid }) => Sid));
}

/** What the graphs of the dashboard show, with the names of its resources. */
function shownMetrics(): unknown[][] {
  const { Resources } = template.toJSON();
  const [found] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const parts: (string | { Ref?: string; 'Fn::GetAtt'?: [string, string] })[] =
    found?.Properties.DashboardBody['Fn::Join'][1];
  const text = parts.map((part) => {
    if (typeof part === 'string') return part;
    const named = Resources[part.Ref ?? part['Fn::GetAtt']?.[0] ?? '']?.Properties;
    return named?.QueueName ?? named?.FunctionName ?? '';
  });
  const { widgets }: { widgets: { properties: { metrics: unknown[][] } }[] } = JSON.parse(text.join(''));
  return widgets.flatMap(({ properties }) => properties.metrics.map((metric) => metric.slice(0, 4)));
}

describe('CentralStack', () => {
  it('gives each function what it needs and nothing more', () => {
    expect(statementsOf('ingress')).toEqual(['Enqueue', 'ReadAppSecret']);
    expect(statementsOf('intake')).toEqual(['Enqueue', 'ReadRecords', 'ReadManifests', 'FindManifests']);
    expect(statementsOf('provisioner')).toEqual(['BecomeProvisionerOfAnAccount']);
    expect(statementsOf('reconciler')).not.toContain('BecomeProvisionerOfAnAccount');
    for (const sid of ['AskProvisioner', 'WriteDispatches', 'WriteEntries', 'RemoveValuesOfWhatIsGone'])
      expect(statementsOf('api')).not.toContain(sid);
  });

  it('keeps its work in order, and sets aside what fails for ever, with an alarm', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      QueueName: 'odmd-work.fifo',
      FifoQueue: true,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 20 }),
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 0,
    });
  });

  it('goes on where one hint leads to many others, which AWS takes for a mistake', () => {
    const allowed = template.findResources('AWS::Lambda::Function', {
      Properties: { RecursiveLoop: 'Allow' },
    });
    expect(Object.values(allowed).map(({ Properties }) => Properties.FunctionName)).toEqual([
      'odmd-reconciler',
    ]);
  });

  it('takes CloudFormation’s events from the org’s accounts, and nothing else from them', () => {
    template.resourceCountIs('AWS::Events::EventBusPolicy', 1);
    template.hasResourceProperties('AWS::Events::EventBusPolicy', {
      Statement: Match.objectLike({
        Principal: { AWS: 'arn:aws:iam::222222222222:root' },
        Condition: { StringEquals: { 'events:source': 'aws.cloudformation' } },
      }),
    });
  });

  it('takes those of the stacks that envers have in its own account', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.absent(),
      EventPattern: {
        source: ['aws.cloudformation'],
        detail: {
          'stack-id': [{ prefix: 'arn:aws:cloudformation:us-west-1:111111111111:stack/odmd-enver-' }],
        },
      },
    });
  });

  it.each([
    ['WebhooksRefused', '"a webhook was not taken"'],
    ['JobsNotDispatched', '"ODMD434"'],
  ])('counts in its logs, and raises an alarm: %s', (MetricName, FilterPattern) => {
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern,
      MetricTransformations: [Match.objectLike({ MetricNamespace: 'odmd', MetricName, MetricValue: '1' })],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { Namespace: 'odmd', MetricName });
  });

  it('lets alarms into their topic, which refuses what its policy does not name', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:us-west-1:111111111111:alarm:*' } },
          }),
        ]),
      }),
    });
  });

  it('shows on one page how its work is, and the errors of each function', () => {
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
    const shown = shownMetrics();
    for (const queue of [CENTRAL.queue, CENTRAL.deadLetters])
      expect(shown).toContainEqual(['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', queue]);
    expect(shown).toContainEqual(['AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', CENTRAL.queue]);
    for (const name of FUNCTIONS)
      expect(shown).toContainEqual(['AWS/Lambda', 'Errors', 'FunctionName', functionName(name)]);
  });

  it('looks after itself every minute and every quarter of an hour', () => {
    for (const ScheduleExpression of ['rate(1 minute)', 'rate(15 minutes)'])
      template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression });
  });

  it('keeps what cannot be made again, and encrypts it', () => {
    for (const type of ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket', 'AWS::SecretsManager::Secret'])
      template.allResources(type, { DeletionPolicy: 'Retain' });
  });
});
