import { artifactBucket, EVENT_BUS } from '@ondemandenv/contracts-base';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, AnyPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { KeptBucket } from './kept-bucket.js';
import { PlatformStack } from './platform-stack.js';
import { artifactStatements, publishedStatement } from './policy/artifacts.js';
import type { CentralPlace } from './policy/enver.js';
import { statement } from './policy/statement.js';

export const REGION_STACK = 'odmd-region';

export interface RegionStackProps {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly central: CentralPlace;
  /**
   * The other accounts of the org (12 digits), whose jobs may consume artifacts that are kept here.
   * @default none
   */
  readonly consumers?: readonly string[];
}

/** What every account needs in every region where it has envers. */
export class RegionStack extends PlatformStack {
  constructor(scope: Construct, id: string, props: RegionStackProps) {
    const { account, region, central, consumers = [] } = props;
    super(scope, id, {
      stackName: REGION_STACK,
      account,
      region,
      description:
        'ONDEMANDENV: where jobs put what they deploy, and the way of events to the central account',
    });
    const artifacts = new KeptBucket(this, 'Artifacts', {
      bucketName: artifactBucket(account, region),
      unloggedSince: 'every enver writes below a prefix of its own, by one role, and versions are kept',
    });
    const anybody = [new AnyPrincipal()];
    for (const refused of artifactStatements(artifacts.bucketArn, account))
      artifacts.addToResourcePolicy(statement(refused, anybody));
    if (consumers.length > 0)
      artifacts.addToResourcePolicy(
        statement(
          publishedStatement(artifacts.bucketArn),
          consumers.map((id) => new AccountPrincipal(id)),
        ),
      );
    const bus = `arn:aws:events:${central.region}:${central.account}:event-bus/${EVENT_BUS}`;
    new Rule(this, 'StackEvents', {
      ruleName: 'odmd-stack-events',
      description: 'Tells the central account when a stack of the platform or of an enver has changed',
      eventPattern: {
        source: ['aws.cloudformation'],
        detailType: ['CloudFormation Stack Status Change'],
      },
      targets: [new EventBusTarget(EventBus.fromEventBusArn(this, 'CentralBus', bus))],
    });
  }
}
