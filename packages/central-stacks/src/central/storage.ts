import { manifestBucket } from '@ondemandenv/contracts-base';
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { KeptBucket } from '../kept-bucket.js';
import type { CentralPlace } from '../policy/enver.js';
import { CENTRAL } from './names.js';

/** What the platform remembers. It stays when the stack goes. */
export interface Storage {
  /** Records of envers, clone sets and refs. */
  readonly table: TableV2;
  /** The contracts, as published, and the entry of each enver. */
  readonly manifests: KeptBucket;
  readonly appSecret: Secret;
}

export function storage(scope: Construct, central: CentralPlace): Storage {
  const manifests = new KeptBucket(scope, 'Manifests', {
    bucketName: manifestBucket(central.account, central.region),
    unloggedSince:
      'nobody but the platform and the contracts’ own job can write into it, and versions are kept',
  });
  return { table: records(scope), manifests, appSecret: appSecret(scope) };
}

function records(scope: Construct): TableV2 {
  return new TableV2(scope, 'Records', {
    tableName: CENTRAL.table,
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billing: Billing.onDemand(),
    encryption: TableEncryptionV2.awsManagedKey(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    globalSecondaryIndexes: [
      {
        indexName: 'due',
        partitionKey: { name: 'due', type: AttributeType.STRING },
        sortKey: { name: 'nextAt', type: AttributeType.NUMBER },
        projectionType: ProjectionType.KEYS_ONLY,
      },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

function appSecret(scope: Construct): Secret {
  const secret = new Secret(scope, 'GitHubApp', {
    secretName: CENTRAL.appSecret,
    description:
      'The GitHub App: {"appId", "privateKey", "webhookSecrets": ["…"], "installations": {"owner": 1}}',
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: 'GitHub alone makes keys of an App; a second webhook secret is taken while one is replaced',
  });
  return secret;
}
