import { Duration } from 'aws-cdk-lib';
import { Match, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import type { CentralPlace } from '../policy/enver.js';
import type { Messaging } from './messaging.js';
import type { FunctionName } from './names.js';
import type { PlatformFunction } from './platform-function.js';

export interface Triggered extends Pick<Messaging, 'bus' | 'queue'> {
  readonly central: CentralPlace;
  readonly functions: Readonly<Record<FunctionName, PlatformFunction>>;
}

/** What makes functions run, beside those that have an address. */
export function triggers(scope: Construct, { central, bus, queue, functions }: Triggered): void {
  const targets = [new LambdaFunction(functions.intake)];
  new Rule(scope, 'FromJobs', {
    eventBus: bus,
    eventPattern: { source: Match.prefix('odmd.enver/') },
    targets,
  });
  new Rule(scope, 'FromStacks', {
    eventBus: bus,
    eventPattern: { source: ['aws.cloudformation'] },
    targets,
  });
  const ownStacks = `arn:aws:cloudformation:${central.region}:${central.account}:stack/odmd-enver-`;
  new Rule(scope, 'FromOwnStacks', {
    description: 'What happens to the stacks that envers have in the central account',
    eventPattern: {
      source: ['aws.cloudformation'],
      detailType: ['CloudFormation Stack Status Change'],
      detail: { 'stack-id': Match.prefix(ownStacks) },
    },
    targets,
  });
  functions.reconciler.addEventSource(
    new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true }),
  );
  for (const [task, minutes] of [
    ['tick', 1],
    ['sweep', 15],
  ] as const)
    new Rule(scope, `Every${minutes}Minutes`, {
      description: `The platform's ${task}`,
      schedule: Schedule.rate(Duration.minutes(minutes)),
      targets: [new LambdaFunction(functions.schedule, { event: RuleTargetInput.fromObject({ task }) })],
    });
}
