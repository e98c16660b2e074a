import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { type Notifier, ThrottledError } from '@ondemandenv/control-plane';
import { SnsAlarms } from '@ondemandenv/control-plane/aws';
import { notifierConformance } from '@ondemandenv/control-plane/conformance';
import { MemoryNotifier } from '@ondemandenv/control-plane/memory';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { Emulator } from './emulator.js';
import { ListeningQueue } from './listening-queue.js';

const emulator = await Emulator.start();
afterAll(() => emulator.stop());

interface Heard {
  readonly Subject: string;
  readonly Message: string;
}

let accounts = 0;

/** A topic in an account of its own, and a queue that hears it. */
async function topic() {
  const settings = emulator.clientFor(String(600_000_000_000 + ++accounts));
  const sns = new SNSClient(settings);
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'alarms' }));
  const queue = await ListeningQueue.of(settings, 'sns');
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queue.arn }));
  const heard = async () => (await queue.heard()).map((text) => JSON.parse(text) as Heard);
  return { sns, TopicArn, heard };
}

notifierConformance('SNS for alarms', async () => {
  const { sns, TopicArn, heard } = await topic();
  const memory = new MemoryNotifier();
  const texts = async () => [
    ...(await heard()).map(({ Message }) => Message),
    ...memory.answers.map(({ message }) => message),
    ...[...memory.reports.values()].map((report) => JSON.stringify(report)),
  ];
  return { notifier: new SnsAlarms({ sns, topicArn: TopicArn, notifier: memory }), texts };
});

describe('an alarm', () => {
  const alarm = { enver: 'web/b..main', message: 'menu changed from 1#ab to 2#cd' };
  let outside: Awaited<ReturnType<typeof topic>>;
  let memory: MemoryNotifier;
  beforeEach(async () => {
    outside = await topic();
    memory = new MemoryNotifier();
  });
  const alarms = (options: { topicArn?: string; notifier?: Notifier; onUnsaid?: (text: string) => void }) =>
    new SnsAlarms({ sns: outside.sns, topicArn: outside.TopicArn, notifier: memory, ...options });

  it('goes to the topic as JSON, and to whom all else goes; all else does not go to the topic', async () => {
    const subject = alarms({});
    await subject.alarm(alarm);
    const to = { repo: 'o/r', ref: 'refs/heads/main', sha: 'a'.repeat(40) };
    await subject.answer(to, { level: 'info', message: 'an answer' });
    const main = { kind: 'branch', ref: 'main' } as const;
    await subject.report({ repo: 'o/r', revision: main }, { envers: [], removal: 'odmd: delete' });
    const [first, ...others] = await outside.heard();
    expect(first?.Subject).toBe('ODMD alarm: web/b..main');
    expect(JSON.parse(first?.Message ?? '')).toEqual(alarm);
    expect(others).toEqual([]);
    expect(memory.alarms).toEqual([alarm]);
    expect([memory.answers.length, memory.reports.size]).toEqual([1, 1]);
  });

  it.each([`web/${'b'.repeat(200)}`, 'web/功能\n\u0000', ''])(
    'about %j has a subject that SNS takes',
    async (enver) => {
      await alarms({}).alarm({ enver, message: '"\u0000'.repeat(50_000) });
      const [heard] = await outside.heard();
      expect(heard?.Subject).toMatch(/^ODMD alarm: [\x20-\x7e]{0,88}$/);
      expect(JSON.parse(heard?.Message ?? '').enver).toBe(enver);
    },
  );

  it('is told the others when the topic refuses it, which is no reason to stop', async () => {
    const unsaid: string[] = [];
    const topicArn = outside.TopicArn.replace(/alarms$/, 'gone');
    await alarms({ topicArn, onUnsaid: (text) => unsaid.push(text) }).alarm(alarm);
    expect(memory.alarms).toEqual([alarm]);
    expect(unsaid).toEqual(['web/b..main: menu changed from 1#ab to 2#cd']);
  });

  it('is published when the others cannot be told, and comes again', async () => {
    const later = new ThrottledError('GitHub', 9_000);
    const notifier = Object.assign(new MemoryNotifier(), { alarm: () => Promise.reject(later) });
    await expect(alarms({ notifier }).alarm(alarm)).rejects.toBe(later);
    expect(await outside.heard()).toHaveLength(1);
  });

  it('comes again when the topic asks for patience or cannot be reached', async () => {
    const failing = (name: string) => {
      const client = new SNSClient(emulator.clientFor('600000000000'));
      client.middlewareStack.add(() => async () => Promise.reject(Object.assign(new Error('no'), { name })), {
        step: 'finalizeRequest',
        priority: 'low',
      });
      return new SnsAlarms({ sns: client, topicArn: outside.TopicArn, notifier: memory });
    };
    await expect(failing('ThrottledException').alarm(alarm)).rejects.toMatchObject({ retryAfterMs: 5_000 });
    await expect(failing('TimeoutError').alarm(alarm)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(memory.alarms).toHaveLength(2);
  });
});
