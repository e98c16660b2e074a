import { PublishCommand, type SNSClient, SNSServiceException } from '@aws-sdk/client-sns';
import type { RevisionRef } from '@ondemandenv/contracts-base';
import type { Answer, Notifier, RefReport } from '../../ports/notifier.js';
import { ThrottledError } from '../../ports/throttled-error.js';
import { patient } from './throttling.js';

const MAX_SUBJECT = 100;
/** A topic takes 256 KB, and a character has up to six bytes in JSON. */
const MAX_MESSAGE = 40_000;

export interface SnsAlarmsOptions {
  readonly sns: SNSClient;
  readonly topicArn: string;
  /** Tells people whatever else there is to tell, and alarms as well. */
  readonly notifier: Notifier;
  /** Hears of what the topic refuses: that must not keep the platform from its work. */
  readonly onUnsaid?: (text: string, why: unknown) => void;
}

/**
 * Publishes alarms to an SNS topic too: those who subscribe to it hear of them without looking at a repository. The
 * message is JSON, `{"enver": …, "message": …}`. One request per alarm.
 *
 * Each of the two is told whatever becomes of the other. When one has to be told later, both are told again.
 */
export class SnsAlarms implements Notifier {
  constructor(private readonly options: SnsAlarmsOptions) {}

  answer(to: { repo: string; ref: string; sha: string }, answer: Answer): Promise<void> {
    return this.options.notifier.answer(to, answer);
  }

  report(to: { repo: string; revision: RevisionRef }, report: RefReport): Promise<void> {
    return this.options.notifier.report(to, report);
  }

  async alarm(alarm: { enver: string; message: string }): Promise<void> {
    const both = [this.publish(alarm), this.options.notifier.alarm(alarm)];
    const reasons = (await Promise.allSettled(both)).flatMap((told) =>
      told.status === 'rejected' ? [told.reason] : [],
    );
    // Of two, the one that says when to come again.
    if (reasons.length > 0) throw reasons.find((reason) => reason instanceof ThrottledError) ?? reasons[0];
  }

  private async publish({ enver, message }: { enver: string; message: string }): Promise<void> {
    const { sns, topicArn, onUnsaid } = this.options;
    const command = new PublishCommand({
      TopicArn: topicArn,
      Subject: subjectOf(enver),
      Message: JSON.stringify({ enver, message: message.slice(0, MAX_MESSAGE) }),
    });
    try {
      await patient(() => sns.send(command));
    } catch (error) {
      if (!(error instanceof SNSServiceException) || error.$fault !== 'client') throw error;
      onUnsaid?.(`${enver}: ${message}`, error);
    }
  }
}

/** SNS takes a hundred characters of ASCII, for which any other stands as `?`. */
function subjectOf(enver: string): string {
  const ascii = `ODMD alarm: ${enver}`.replace(/[^\x20-\x7e]/gu, '?');
  return ascii.length > MAX_SUBJECT ? `${ascii.slice(0, MAX_SUBJECT - 3)}...` : ascii;
}
