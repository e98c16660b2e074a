import { randomUUID } from 'node:crypto';
import { sign } from '@octokit/webhooks-methods';
import { INSTALLATION, WEBHOOK_SECRET } from '../github/emulator.js';
import type { Landscape } from './landscape.js';

/**
 * Sends a webhook as GitHub does, of those that the emulator does not send.
 *
 * @returns the status of the answer
 */
export async function sendWebhook(
  land: Landscape,
  event: string,
  repo: string,
  payload: object,
  {
    delivery = randomUUID(),
    secret = WEBHOOK_SECRET,
    installation = INSTALLATION,
  }: { delivery?: string; secret?: string; installation?: number } = {},
): Promise<number> {
  const repository = land.github.inside.store.repos.all().find(({ full_name }) => full_name === repo);
  const body = JSON.stringify({
    ...payload,
    repository: { id: repository?.id, full_name: repo },
    installation: { id: installation },
  });
  const answer = await fetch(await land.webhookUrl(), {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': delivery,
      'x-hub-signature-256': await sign(secret, body),
    },
  });
  return answer.status;
}

/** Does something while no webhook of GitHub arrives. */
export async function withoutWebhooks<T>(land: Landscape, act: () => Promise<T>): Promise<T> {
  const url = await land.webhookUrl();
  // Nobody listens there.
  land.github.sendWebhooksTo('http://127.0.0.1:9/');
  try {
    return await act();
  } finally {
    land.github.sendWebhooksTo(url);
  }
}

/** Does something of which one webhook is lost. @returns the id of the delivery, which it keeps when it comes again */
export async function losingWebhook(
  land: Landscape,
  event: string,
  act: () => Promise<unknown>,
): Promise<string> {
  const { apps } = land.github.app().itself;
  const newest = async () => (await apps.listWebhookDeliveries({ per_page: 100 })).data;
  const before = (await newest())[0]?.id ?? 0;
  return withoutWebhooks(land, async () => {
    await act();
    return land.until(`a lost ${event}`, async () => {
      const sent = (await newest()).filter(({ id }) => id > before);
      return sent.find((one) => one.event === event && one.status_code === 502)?.guid;
    });
  });
}
