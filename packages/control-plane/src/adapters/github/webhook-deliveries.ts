import type { GitHubApp } from './app.js';
import { ask, find } from './ask.js';

const APP = 'the webhooks of the GitHub App';
const PER_PAGE = 100;
const MAX_PAGES = 20;
/** A second apart, as all writes are. */
const MAX_REDELIVERIES = 30;
/** What was refused so often is not taken the next time either; the sweep finds what it was about. */
const MAX_ATTEMPTS = 3;

/** One attempt to deliver a webhook. */
interface Attempt {
  readonly id: number;
  /** Shared by all attempts of one webhook. */
  readonly guid: string;
  readonly delivered_at: string;
  readonly status_code: number;
}

/**
 * The webhooks that GitHub sent to the platform: it tries each once and keeps a list for three days. Asked as the App
 * itself, which needs no permission, and counts for no installation.
 */
export class WebhookDeliveries {
  constructor(private readonly app: GitHubApp) {}

  /**
   * Has GitHub deliver again what never arrived since a moment, the oldest first. Whoever calls this regularly looks
   * further back than to the last time: a webhook that was redelivered then may have failed again.
   *
   * One request for every hundred deliveries since then, of which it sees the newest two thousand, and one for every
   * webhook that is delivered again, at most thirty; what is left is due at the next call. What failed three times is
   * left alone.
   *
   * @param since epoch milliseconds
   * @returns how many GitHub delivers again
   */
  async redeliverFailed(since: number): Promise<number> {
    const failed = failedOf(await this.attempts(since));
    let accepted = 0;
    for (const { id } of failed.slice(0, MAX_REDELIVERIES)) if (await this.redeliver(id)) accepted++;
    return accepted;
  }

  private async attempts(since: number): Promise<Attempt[]> {
    const found: Attempt[] = [];
    const client = this.app.itself;
    const pages = client.paginate.iterator(client.apps.listWebhookDeliveries, { per_page: PER_PAGE });
    const iterator = pages[Symbol.asyncIterator]();
    for (let page = 1; page <= MAX_PAGES; page++) {
      const { done, value } = await ask(APP, () => iterator.next());
      if (done) break;
      const recent = value.data.filter(({ delivered_at }) => Date.parse(delivered_at) >= since);
      found.push(...recent);
      // They come newest first.
      if (recent.length < value.data.length) break;
    }
    return found;
  }

  /** @returns false when it is too old by now */
  private async redeliver(delivery_id: number): Promise<boolean> {
    const client = this.app.itself;
    const answer = await find(APP, () => client.apps.redeliverWebhookDelivery({ delivery_id }), [404, 422]);
    return answer !== undefined;
  }
}

/** The newest attempt of each webhook that never arrived, the oldest webhook first. */
function failedOf(newestFirst: readonly Attempt[]): Attempt[] {
  const byGuid = new Map<string, Attempt[]>();
  for (const attempt of newestFirst) byGuid.set(attempt.guid, [...(byGuid.get(attempt.guid) ?? []), attempt]);
  const failed = [...byGuid.values()].filter(
    (attempts) => attempts.length < MAX_ATTEMPTS && !attempts.some(arrived),
  );
  // Those of one moment in the order in which GitHub numbered them.
  const inOrder = failed.sort((a, b) => firstOf(a) - firstOf(b) || numberOf(a) - numberOf(b));
  return inOrder.flatMap(([newest]) => newest ?? []);
}

function arrived({ status_code }: Attempt): boolean {
  return status_code >= 200 && status_code < 300;
}

function numberOf(attempts: readonly Attempt[]): number {
  return Math.min(...attempts.map(({ id }) => id));
}

function firstOf(attempts: readonly Attempt[]): number {
  return Math.min(...attempts.map(({ delivered_at }) => Date.parse(delivered_at)));
}
