import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { CENTRAL, type FunctionName } from './names.js';

export interface Operated {
  readonly alarms: ITopic;
  readonly queue: IQueue;
  readonly deadLetters: IQueue;
  readonly functions: Readonly<Record<FunctionName, IFunction>>;
}

/** Work that waits longer than this means that the platform does not keep up. */
const OLDEST_MINUTES = 15;

/** Alarms for what needs a person, and one page that shows how the platform is. */
export function operations(scope: Construct, { alarms, queue, deadLetters, functions }: Operated): void {
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
    ],
  });
}
