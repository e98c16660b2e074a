import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { type EnverId, EVENT_BUS, eventSource, OdmdError } from '@ondemandenv/contracts-base';
import type { JobEvent } from '../platform.js';
import { defaultRetry, type RetryPolicy, retrying } from '../retry.js';
import { codedError } from './errors.js';
import type { Session } from './sessions.js';
import { CLIENT } from './settings.js';

/** What the bus refuses for good; anything else it may take the next time. */
const REFUSED = /NotAuthorized|AccessDenied|ResourceNotFound|InvalidArgument|Malformed/;

/** The bus of the central account, for the events of one enver. */
export class Events {
  private readonly credentials: () => Promise<Session>;
  private readonly region: string;
  private readonly retry: RetryPolicy;

  constructor(credentials: () => Promise<Session>, region: string, retry: RetryPolicy = defaultRetry) {
    this.credentials = credentials;
    this.region = region;
    this.retry = retry;
  }

  /** One call for all of them; those that the bus did not take are sent again. */
  async send(enver: EnverId, events: readonly JobEvent[]): Promise<void> {
    const { EventBridgeClient, PutEventsCommand } = await import('@aws-sdk/client-eventbridge');
    const settings = { ...CLIENT, region: this.region, credentials: this.credentials };
    const bus = new EventBridgeClient(settings);
    const what = `announce ${events.map(({ type }) => type).join(', ')}`;
    let left: PutEventsRequestEntry[] = events.map(({ type, detail }) => ({
      EventBusName: EVENT_BUS,
      Source: eventSource(enver),
      DetailType: type,
      Detail: JSON.stringify(detail),
    }));
    await retrying(this.retry, async () => {
      const { Entries = [] } = await bus.send(new PutEventsCommand({ Entries: left })).catch((error) => {
        throw codedError(error, { what, where: EVENT_BUS });
      });
      left = left.filter((_, index) => Entries[index]?.ErrorCode !== undefined);
      if (left.length === 0) return { ok: true, value: undefined };
      const error = notTaken(what, Entries.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode ?? '');
      if (error.code === 'ODMD552') throw error;
      return { ok: false, error };
    });
  }
}

function notTaken(what: string, reason: string): OdmdError {
  const refused = REFUSED.test(reason);
  return new OdmdError(
    refused ? 'ODMD552' : 'ODMD553',
    `AWS ${refused ? 'refused to' : 'could not, several times,'} ${what}: ${reason}`,
    { where: EVENT_BUS, fix: 'run it again: what is done already is not done twice' },
  );
}
