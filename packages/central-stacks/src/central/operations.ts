import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { statement } from '../policy/statement.js';
import { CENTRAL, type FunctionName, LOGGED } from './names.js';

export interface Operated {
  readonly alarms: ITopic;
  readonly queue: IQueue;
  readonly deadLetters: IQueue;
  readonly functions: Readonly<Record<FunctionName, LambdaFunction>>;
}

/** Work that waits longer than this means that the platform does not keep up. */
const OLDEST_MINUTES = 15;
/** Anybody can send to a public address; so many refused webhooks in five minutes are no chance. */
const REFUSED_WEBHOOKS = 10;

/** Alarms for what needs a person, and one page that shows how the platform is. */
export function operations(scope: Construct, { alarms, queue, deadLetters, functions }: Operated): void {
  letIn(scope, alarms);
  const period = Duration.minutes(5);
  const alarm = (id: string, metric: IMetric, threshold: number, alarmDescription: string) =>
    new Alarm(scope, id, {
      metric,
      threshold,
      alarmDescription,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(alarms));
  alarm(
    'DeadLettersAlarm',
    deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
    0,
    'A hint failed again and again and was set aside. Its enver is still looked at by the sweep; the log says why it failed.',
  );
  alarm(
    'OldestWorkAlarm',
    queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' }),
    OLDEST_MINUTES * 60,
    `Work has waited for more than ${OLDEST_MINUTES} minutes.`,
  );
  const refused = counted(scope, 'WebhooksRefused', LOGGED.webhookRefused, [functions.ingress]);
  alarm(
    'WebhooksRefusedAlarm',
    refused.with({ period }),
    REFUSED_WEBHOOKS,
    'Webhooks are refused: by another secret than the platform has, or because it cannot take them. The log of the ingress says which.',
  );
  const notDispatched = counted(scope, 'JobsNotDispatched', LOGGED.notDispatched, [
    functions.reconciler,
    functions.schedule,
  ]);
  alarm(
    'JobsNotDispatchedAlarm',
    notDispatched.with({ period }),
    0,
    'GitHub does not start a job: its workflow is disabled or was changed. The log of the reconciler says which.',
  );
  for (const [name, made] of Object.entries(functions))
    alarm(`${name}Errors`, made.metricErrors({ period }), 5, `The platform's ${name} fails again and again.`);
  new Dashboard(scope, 'Dashboard', {
    dashboardName: CENTRAL.dashboard,
    widgets: [
      [
        new GraphWidget({
          title: 'Work',
          left: [
            queue.metricApproximateNumberOfMessagesVisible(),
            deadLetters.metricApproximateNumberOfMessagesVisible(),
          ],
          right: [queue.metricApproximateAgeOfOldestMessage()],
        }),
        new GraphWidget({
          title: 'Errors',
          left: Object.values(functions).map((made) => made.metricErrors()),
        }),
        new GraphWidget({
          title: 'Duration',
          left: Object.values(functions).map((made) => made.metricDuration()),
        }),
      ],
      [new GraphWidget({ title: 'Refused', left: [refused, notDispatched] })],
    ],
  });
}

/** A topic with a policy of its own, and be it one that only refuses, takes alarms no more without being told to. */
function letIn(scope: Construct, alarms: ITopic): void {
  const { account, region } = Stack.of(scope);
  alarms.addToResourcePolicy(
    statement(
      {
        sid: 'AlarmsOfThisAccount',
        actions: ['sns:Publish'],
        resources: [alarms.topicArn],
        conditions: { ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:${region}:${account}:alarm:*` } },
      },
      [new ServicePrincipal('cloudwatch.amazonaws.com')],
    ),
  );
}

/** How often functions log a text. */
function counted(
  scope: Construct,
  metricName: string,
  text: string,
  functions: readonly LambdaFunction[],
): Metric {
  const metricNamespace = CENTRAL.dashboard;
  for (const [index, { logGroup }] of functions.entries())
    new MetricFilter(scope, `${metricName}${index + 1}`, {
      logGroup,
      metricNamespace,
      metricName,
      // Of the text as it is, however the line around it is made.
      filterPattern: FilterPattern.literal(JSON.stringify(text)),
    });
  return new Metric({ namespace: metricNamespace, metricName, statistic: 'Sum' });
}
