import { createHmac, timingSafeEqual } from 'node:crypto';
import { OdmdError } from '@ondemandenv/contracts-base';

/** What a function URL passes on at most; GitHub's own limit is higher. What is lost so is found by the sweep. */
export const MAX_WEBHOOK_BYTES = 6 * 1024 * 1024;

export interface Webhook {
  /** Such as `push`. */
  readonly event: string;
  /** Unique per delivery; a redelivery keeps it. */
  readonly delivery: string;
  readonly payload: unknown;
}

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/**
 * Reads a webhook that GitHub signed with one of the secrets (two while one takes the place of the other).
 *
 * @param body the bytes as they came, or the text that they are
 * @param headers with names in lower case
 * @throws OdmdError ODMD436 not signed with any · ODMD437 too large · ODMD438 signed, but nothing that GitHub sends
 */
export function verifyWebhook(
  body: Uint8Array | string,
  headers: Readonly<Record<string, string | undefined>>,
  secrets: readonly string[],
): Webhook {
  const bytes = Buffer.from(body);
  if (bytes.length > MAX_WEBHOOK_BYTES) throw tooLarge(bytes.length);
  const [, signature] = SIGNATURE.exec(headers['x-hub-signature-256'] ?? '') ?? [];
  if (signature === undefined) throw notSigned('it has no signature');
  // A secret that was never set would be known to everybody.
  const known = secrets.filter((secret) => secret !== '');
  if (!known.map((secret) => isSignedWith(secret, bytes, signature)).includes(true))
    throw notSigned('its signature was made with another secret');
  const { 'x-github-event': event, 'x-github-delivery': delivery } = headers;
  if (!event || !delivery) throw malformed('it does not say which event it is');
  return { event, delivery, payload: parsed(bytes) };
}

function isSignedWith(secret: string, body: Uint8Array, signature: string): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'));
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw malformed('its body is not JSON', cause);
  }
}

export function malformed(what: string, cause?: unknown): OdmdError {
  return new OdmdError('ODMD438', `a webhook cannot be read: ${what}`, {
    fix: 'set the content type of the webhooks of the GitHub App to application/json',
    cause,
  });
}

function notSigned(what: string): OdmdError {
  return new OdmdError('ODMD436', `a webhook was refused: ${what}`, {
    fix: 'give the platform the webhook secret that the GitHub App has; while it is being changed, both',
  });
}

function tooLarge(bytes: number): OdmdError {
  return new OdmdError('ODMD437', `a webhook of ${bytes} bytes is too large`, {
    fix: 'nothing has to be done: the next sweep finds what it was about',
  });
}
