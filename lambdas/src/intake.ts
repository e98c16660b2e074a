import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createIntake } from '@ondemandenv/control-plane';
import { DynamoRecordStore, S3ManifestStore, SqsWorkQueue } from '@ondemandenv/control-plane/aws';
import { readEnvironment } from './environment.js';
import { takeEvent } from './intake-event.js';
import { about, handlerOf, log, originNow } from './log.js';

/*
 * Lifecycle: one call per event of a job or of CloudFormation.
 * Idempotency key: the id of the event.
 * Failure modes: EventBridge tries again for a day; the sweep finds what was lost.
 * Gotchas: of a job's event only its source is believed.
 */

const environment = readEnvironment(process.env);
const region = environment.ODMD_CENTRAL_REGION;
const intake = createIntake(
  {
    records: new DynamoRecordStore(new DynamoDBClient({ region }), environment.ODMD_TABLE),
    manifests: new S3ManifestStore(
      new S3Client({ region, forcePathStyle: true }),
      environment.ODMD_MANIFESTS,
    ),
    queue: new SqsWorkQueue(new SQSClient({ region }), environment.ODMD_QUEUE, originNow),
  },
  environment.ODMD_INSTALLATION,
);

interface Event {
  readonly id: string;
  readonly source: string;
  /** 12 digits: of whoever sent it. */
  readonly account: string;
}

export const handler = handlerOf((event: Event) =>
  about({ origin: `event ${event.id}` }, async () => {
    const taken = await takeEvent(intake, event);
    log('INFO', 'event', { source: event.source, account: event.account, taken });
  }),
);
