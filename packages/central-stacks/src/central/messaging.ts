import { EVENT_BUS } from '@ondemandenv/contracts-base';
import { Duration } from 'aws-cdk-lib';
import { CfnEventBusPolicy, EventBus } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { CENTRAL } from './names.js';

/** A hint that failed so often is set aside, and somebody is told. */
const MAX_ATTEMPTS = 20;

/** What the platform is told, and what it tells. */
export interface Messaging {
  /** Hints at what may have to be done, in order for each enver and ref. */
  readonly queue: Queue;
  /** Hints that failed again and again. */
  readonly deadLetters: Queue;
  /** What jobs say, and CloudFormation in every account. */
  readonly bus: EventBus;
  /** For people. */
  readonly alarms: Topic;
}

/** @param tellers the accounts (12 digits) beside its own whose CloudFormation events are taken */
export function messaging(
  scope: Construct,
  { step, tellers }: { readonly step: Duration; readonly tellers: Iterable<string> },
): Messaging {
  const deadLetters = new Queue(scope, 'DeadLetters', {
    queueName: CENTRAL.deadLetters,
    fifo: true,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  const queue = new Queue(scope, 'Work', {
    queueName: CENTRAL.queue,
    fifo: true,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    visibilityTimeout: step.plus(Duration.seconds(30)),
    retentionPeriod: Duration.days(4),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_ATTEMPTS },
  });
  const bus = new EventBus(scope, 'Bus', { eventBusName: EVENT_BUS });
  for (const account of tellers)
    new CfnEventBusPolicy(scope, `EventsFrom${account}`, {
      eventBusName: bus.eventBusName,
      statementId: `account-${account}`,
      statement: {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: 'events:PutEvents',
        Resource: bus.eventBusArn,
        Condition: { StringEquals: { 'events:source': 'aws.cloudformation' } },
      },
    });
  const alarms = new Topic(scope, 'Alarms', { topicName: CENTRAL.alarms, enforceSSL: true });
  return { queue, deadLetters, bus, alarms };
}
