import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { sha256 } from '@ondemandenv/contracts-base';
import { type Delivery, groupOf, type Work, type WorkQueue } from '../../ports/work-queue.js';
import { patient } from './throttling.js';

/** Messages per call of ReceiveMessage. */
const MAX_PER_CALL = 10;

/** A `WorkQueue` on an SQS FIFO queue. */
export class SqsWorkQueue implements WorkQueue {
  constructor(
    private readonly sqs: SQSClient,
    private readonly url: string,
  ) {}

  async send(work: Work, cause: string): Promise<void> {
    const group = groupOf(work);
    const command = new SendMessageCommand({
      QueueUrl: this.url,
      MessageBody: JSON.stringify(work),
      // Of at most 128 characters, which an enver id may exceed.
      MessageGroupId: sha256(group).slice(0, 32),
      MessageDeduplicationId: sha256(`${group}\n${cause}`),
    });
    await patient(() => this.sqs.send(command));
  }

  async receive(max: number): Promise<Delivery[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.url,
      MaxNumberOfMessages: Math.min(max, MAX_PER_CALL),
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'MessageGroupId'],
    });
    const { Messages = [] } = await patient(() => this.sqs.send(command));
    const seen = new Set<string | undefined>();
    const deliveries: Delivery[] = [];
    for (const message of Messages) {
      const group = message.Attributes?.MessageGroupId;
      // SQS may hand out several of a group at once; the later ones wait for their turn.
      if (seen.has(group)) await this.visibleAfter(message.ReceiptHandle ?? '', 0);
      else deliveries.push(delivery(message));
      seen.add(group);
    }
    return deliveries;
  }

  async done({ receipt }: Delivery): Promise<void> {
    const command = new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle: receipt });
    await patient(() => this.sqs.send(command));
  }

  async retry({ receipt }: Delivery, delayMs: number): Promise<void> {
    await this.visibleAfter(receipt, Math.ceil(delayMs / 1_000));
  }

  private async visibleAfter(ReceiptHandle: string, VisibilityTimeout: number): Promise<void> {
    const command = new ChangeMessageVisibilityCommand({
      QueueUrl: this.url,
      ReceiptHandle,
      VisibilityTimeout,
    });
    await patient(() => this.sqs.send(command));
  }
}

function delivery({ Body = '', ReceiptHandle = '', Attributes }: Message): Delivery {
  return {
    work: JSON.parse(Body) as Work,
    receipt: ReceiptHandle,
    attempt: Number(Attributes?.ApproximateReceiveCount ?? 1),
  };
}
