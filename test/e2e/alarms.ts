import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeMetricFiltersCommand } from '@aws-sdk/client-cloudwatch-logs';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { document } from '../emulator/identities.js';
import type { Landscape } from './landscape.js';

/** A filter that counts what functions log. */
export interface LogFilter {
  /** `/odmd/<function>`. */
  readonly logGroup: string;
  /** The words, one after the other, that it looks for in a line. */
  readonly phrase: string;
  /** What it counts into. */
  readonly namespace: string;
  readonly metric: string;
}

/** The alarms that look at one metric each, of the central account. */
export async function deployedAlarms(land: Landscape): Promise<MetricAlarm[]> {
  const { MetricAlarms = [] } = await new CloudWatchClient(land.as('central')).send(
    new DescribeAlarmsCommand({}),
  );
  return MetricAlarms;
}

/** The metric filters of the central account. @throws where one is not a quoted phrase, which is all that is known here */
export async function deployedFilters(land: Landscape): Promise<LogFilter[]> {
  const logs = new CloudWatchLogsClient(land.as('central'));
  const { metricFilters = [] } = await logs.send(new DescribeMetricFiltersCommand({}));
  return metricFilters.map(({ logGroupName = '', filterPattern = '', metricTransformations = [] }) => {
    const [, phrase] = /^"([^"]+)"$/.exec(filterPattern) ?? [];
    const [counted] = metricTransformations;
    if (phrase === undefined || !counted) throw new Error(`what does ${filterPattern} match?`);
    return {
      logGroup: logGroupName,
      phrase,
      namespace: counted.metricNamespace ?? '',
      metric: counted.metricName ?? '',
    };
  });
}

/** `namespace name dimension=value`. */
export function metricName({
  Namespace,
  MetricName,
  Dimensions = [],
}: Pick<MetricAlarm, 'Namespace' | 'MetricName' | 'Dimensions'>): string {
  return [Namespace, MetricName, ...Dimensions.map(({ Name, Value }) => `${Name}=${Value}`)].join(' ');
}

/**
 * Counts in the log what filters count there, and gives it to the metrics: the emulator keeps filters and does not apply
 * them. It looks at alarms whenever a metric gets data.
 *
 * @returns the lines that each metric counts
 */
export async function countLogs(land: Landscape): Promise<Readonly<Record<string, readonly string[]>>> {
  const found: Record<string, string[]> = {};
  for (const { logGroup, phrase, metric } of await deployedFilters(land)) {
    const lines = await land.log(logGroup.replace('/odmd/', ''));
    found[metric] = [...(found[metric] ?? []), ...lines.filter((line) => line.includes(phrase))];
  }
  const [{ namespace = '' } = {}] = await deployedFilters(land);
  const MetricData = Object.entries(found).flatMap(([MetricName, lines]) =>
    lines.length > 0 ? [{ MetricName, Value: lines.length }] : [],
  );
  await new CloudWatchClient(land.as('central')).send(
    new PutMetricDataCommand({ Namespace: namespace, MetricData }),
  );
  return found;
}

/** A queue that hears what the topic of alarms says. @returns what it has heard so far, the subjects */
export async function listen(land: Landscape, TopicArn: string): Promise<() => Promise<string[]>> {
  const sqs = new SQSClient(land.as('central'));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'who-is-on-call' }));
  const about = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  const { QueueArn = '' } = (await sqs.send(about)).Attributes ?? {};
  const Policy = document({
    Effect: 'Allow',
    Action: 'sqs:SendMessage',
    Resource: QueueArn,
    Principal: { Service: 'sns.amazonaws.com' },
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const sns = new SNSClient(land.as('central'));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: QueueArn }));
  const heard: string[] = [];
  return async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    heard.push(...Messages.map(({ Body = '' }) => (JSON.parse(Body) as { Subject: string }).Subject));
    return heard;
  };
}
