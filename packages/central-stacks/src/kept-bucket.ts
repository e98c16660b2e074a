import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** What was replaced or deleted can be brought back for so long: a rollback of a stack may need it. */
const OLD_VERSIONS_DAYS = 30;

export interface KeptBucketProps {
  readonly bucketName: string;
  /** Why nobody needs a log of who asked it for what. */
  readonly unloggedSince: string;
}

/** A private bucket with versions that stays when its stack goes. */
export class KeptBucket extends Bucket {
  constructor(scope: Construct, id: string, { bucketName, unloggedSince }: KeptBucketProps) {
    super(scope, id, {
      bucketName,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [
        {
          noncurrentVersionExpiration: Duration.days(OLD_VERSIONS_DAYS),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          expiredObjectDeleteMarker: true,
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this).acknowledge({ id: 'AwsSolutions-S1', reason: unloggedSince });
  }
}
