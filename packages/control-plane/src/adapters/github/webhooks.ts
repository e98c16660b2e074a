/*
 * What takes webhooks in, apart from the client of GitHub: whoever only takes them in starts faster without it.
 */
export { MAX_WEBHOOK_BYTES, verifyWebhook, type Webhook } from './webhook-signature.js';
export { KNOWN_EVENTS, worksOf } from './webhook-works.js';
