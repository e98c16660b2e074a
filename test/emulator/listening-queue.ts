import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { ClientSettings } from './emulator.js';
import { document } from './identities.js';

const NEXT_SECONDS = 10;

/** A queue to which a service of AWS may send, and what it was sent. */
export class ListeningQueue {
  private readonly messages: string[] = [];
  private told = 0;

  private constructor(
    readonly arn: string,
    private readonly sqs: SQSClient,
    private readonly url: string,
  ) {}

  /** @param service by its short name, as `sns` */
  static async of(settings: ClientSettings, service: string): Promise<ListeningQueue> {
    const sqs = new SQSClient(settings);
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'heard' }));
    const about = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
    const { QueueArn = '' } = (await sqs.send(about)).Attributes ?? {};
    const sending = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QueueArn } as const;
    const Policy = document({ ...sending, Principal: { Service: `${service}.amazonaws.com` } });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    return new ListeningQueue(QueueArn, sqs, QueueUrl);
  }

  /** All that it has heard so far, in the order in which it came. */
  async heard(): Promise<readonly string[]> {
    const where = { QueueUrl: this.url };
    for (;;) {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({ ...where, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return this.messages;
      for (const { Body = '', ReceiptHandle } of Messages) {
        this.messages.push(Body);
        await this.sqs.send(new DeleteMessageCommand({ ...where, ReceiptHandle }));
      }
    }
  }

  /** What it hears next, each message once. */
  async next(): Promise<string> {
    const end = Date.now() + NEXT_SECONDS * 1000;
    while (Date.now() < end) {
      const message = (await this.heard())[this.told];
      if (message !== undefined) {
        this.told += 1;
        return message;
      }
      await sleep(20);
    }
    throw new Error('nothing was heard');
  }
}
