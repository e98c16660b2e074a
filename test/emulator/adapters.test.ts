import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { PlatformEvent } from '@ondemandenv/control-plane';
import {
  DUE_INDEX,
  DynamoRecordStore,
  EventBridgeBus,
  S3ManifestStore,
  SqsWorkQueue,
  SsmConfigStore,
} from '@ondemandenv/control-plane/aws';
import {
  configStoreConformance,
  eventBusConformance,
  manifestStoreConformance,
  recordStoreConformance,
  workQueueConformance,
} from '@ondemandenv/control-plane/conformance';
import { afterAll } from 'vitest';
import { Emulator } from './emulator.js';
import { ListeningQueue } from './listening-queue.js';

/*
 * The adapters of the AWS services do what every adapter has to do. Each test gets an account of its own: it starts
 * empty, and what other tests do is not seen.
 */

const emulator = await Emulator.start();
afterAll(() => emulator.stop());

let accounts = 0;
const settings = () => emulator.clientFor(String(500_000_000_000 + ++accounts));

configStoreConformance('Parameter Store', async () => new SsmConfigStore(new SSMClient(settings())));

manifestStoreConformance('S3', async () => {
  const bucket = `odmd-manifests-${++accounts}`;
  const s3 = new S3Client({ ...settings(), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  return new S3ManifestStore(s3, bucket);
});

recordStoreConformance('DynamoDB', async () => {
  const dynamo = new DynamoDBClient(settings());
  await dynamo.send(
    new CreateTableCommand({
      TableName: 'odmd',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
        { AttributeName: 'due', AttributeType: 'S' },
        { AttributeName: 'nextAt', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: DUE_INDEX,
          KeySchema: [
            { AttributeName: 'due', KeyType: 'HASH' },
            { AttributeName: 'nextAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  return new DynamoRecordStore(dynamo, 'odmd');
});

workQueueConformance('SQS', async () => {
  const sqs = new SQSClient(settings());
  const QueueName = 'odmd.fifo';
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: 'true', VisibilityTimeout: '60' } }),
  );
  const advance = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms + 100));
  return { queue: new SqsWorkQueue(sqs, QueueUrl), advance, realTime: true };
});

eventBusConformance('EventBridge', async () => {
  const all = settings();
  const bridge = new EventBridgeClient(all);
  await bridge.send(new CreateEventBusCommand({ Name: 'odmd' }));
  const queue = await ListeningQueue.of(all, 'events');
  const rule = { EventBusName: 'odmd', EventPattern: JSON.stringify({ source: ['odmd'] }) };
  await bridge.send(new PutRuleCommand({ Name: 'all', ...rule }));
  await bridge.send(
    new PutTargetsCommand({ Rule: 'all', EventBusName: 'odmd', Targets: [{ Id: 'queue', Arn: queue.arn }] }),
  );
  const received = async () =>
    (await queue.heard()).map((text): PlatformEvent => {
      const { 'detail-type': type, detail } = JSON.parse(text);
      return { type, detail };
    });
  return { bus: new EventBridgeBus(bridge), received };
});
