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
  { delivery = randomUUID(), secret = WEBHOOK_SECRET }: { delivery?: string; secret?: string } = {},
): Promise<number> {
  const repository = land.github.inside.store.repos.all().find(({ full_name }) => full_name === repo);
  const body = JSON.stringify({
    ...payload,
    repository: { id: repository?.id, full_name: repo },
    installation: { id: INSTALLATION },
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
