import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { OdmdError, sha256 } from '@ondemandenv/contracts-base';
import { type Delivery, groupOf, type Hint, type Work, type WorkQueue } from '../../ports/work-queue.js';
import { inParts, patient } from './throttling.js';

/** Messages per call of ReceiveMessage and SendMessageBatch. */
const MAX_PER_CALL = 10;

/** The attribute of a message that says what made the platform send it, for whoever reads logs. */
export const ORIGIN = 'origin';

/** A `WorkQueue` on an SQS FIFO queue. */
export class SqsWorkQueue implements WorkQueue {
  /** @param origin what makes the platform send a hint at this moment */
  constructor(
    private readonly sqs: SQSClient,
    private readonly url: string,
    private readonly origin: () => string | undefined = () => undefined,
  ) {}

  async send(work: Work, cause: string): Promise<void> {
    await this.sendMany([{ work, cause }]);
  }

  async sendMany(hints: readonly Hint[]): Promise<void> {
    const origin = this.origin();
    const MessageAttributes = {
      ...(origin !== undefined && { [ORIGIN]: { DataType: 'String', StringValue: origin } }),
    };
    for (const part of inParts(hints, MAX_PER_CALL)) {
      const Entries = part.map((hint, index) => ({
        Id: String(index),
        ...message(hint),
        MessageAttributes,
      }));
      const command = new SendMessageBatchCommand({ QueueUrl: this.url, Entries });
      const { Failed = [] } = await patient(() => this.sqs.send(command));
      const [first] = Failed;
      if (!first) continue;
      throw new OdmdError(
        'ODMD423',
        `the queue did not take ${Failed.length} hints: ${first.Code} ${first.Message}`,
        {
          where: this.url,
          fix: 'they are sent again with the next attempt; look at the rights of the platform when it goes on',
        },
      );
    }
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

function message({ work, cause }: Hint) {
  const group = groupOf(work);
  return {
    MessageBody: JSON.stringify(work),
    // Of at most 128 characters, which an enver id may exceed.
    MessageGroupId: sha256(group).slice(0, 32),
    MessageDeduplicationId: sha256(`${group}\n${cause}`),
  };
}

function delivery({ Body = '', ReceiptHandle = '', Attributes }: Message): Delivery {
  return {
    work: JSON.parse(Body) as Work,
    receipt: ReceiptHandle,
    attempt: Number(Attributes?.ApproximateReceiveCount ?? 1),
  };
}
