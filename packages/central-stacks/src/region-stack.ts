import { artifactBucket, EVENT_BUS } from '@ondemandenv/contracts-base';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { PlatformStack } from './platform-stack.js';
import type { CentralPlace } from './policy/enver.js';

export const REGION_STACK = 'odmd-region';

/** Versions of templates and files that were replaced are kept so long: a rollback may need them. */
const OLD_VERSIONS_DAYS = 30;

export interface RegionStackProps {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly central: CentralPlace;
}

/** What every account needs in every region where it has envers. */
export class RegionStack extends PlatformStack {
  constructor(scope: Construct, id: string, { account, region, central }: RegionStackProps) {
    super(scope, id, {
      stackName: REGION_STACK,
      account,
      region,
      description:
        'ONDEMANDENV: where jobs put what they deploy, and the way of events to the central account',
    });
    new Bucket(this, 'Artifacts', {
      bucketName: artifactBucket(account, region),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [
        {
          noncurrentVersionExpiration: Duration.days(OLD_VERSIONS_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
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
