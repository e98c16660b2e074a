import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { countOnce } from './count.mjs';

const { COUNT: TableName, PORT, QUEUE: QueueUrl } = process.env;
const PAUSE_AFTER_ERROR_MS = 5_000;
const table = new DynamoDBClient();
const queue = new SQSClient();

const ports = {
  receive: async () => {
    const wait = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 };
    return (await queue.send(new ReceiveMessageCommand(wait))).Messages ?? [];
  },
  add: (drink) =>
    table.send(
      new UpdateItemCommand({
        TableName,
        Key: { drink: { S: drink } },
        UpdateExpression: 'ADD #count :one',
        ExpressionAttributeNames: { '#count': 'count' },
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    ),
  remove: ({ ReceiptHandle }) => queue.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
};

let well = true;
let stopping = false;
process.on('SIGTERM', () => {
  stopping = true;
});

createServer((request, response) => {
  response.writeHead(request.url !== '/health' ? 404 : well ? 200 : 503).end();
}).listen(Number(PORT));

while (!stopping) {
  try {
    await countOnce(ports);
    well = true;
  } catch (error) {
    console.error(`the queue does not answer: ${error.name}`);
    well = false;
    await setTimeout(PAUSE_AFTER_ERROR_MS);
  }
}
process.exit();
