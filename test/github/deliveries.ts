import { createHmac, randomUUID } from 'node:crypto';
import type { AppRow, Context, Inside } from './plugin.js';

const TIMEOUT_MS = 10_000;

interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly delivered_at: string;
  readonly redelivery: boolean;
  readonly status: string;
  readonly status_code: number;
  readonly event: string;
  readonly action: string | null;
  readonly installation_id: number;
}

/** What is sent, and sent again. */
interface Message {
  /** `app_id`: the App may have got another address before it is sent again. */
  readonly app: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly installation: number;
  readonly body: string;
}

/**
 * Webhooks of the App as GitHub sends them: each goes by a GUID, what became of it is kept, and it is sent again when
 * the App asks for it. (The emulator's own go by the time, and nothing is kept of them.)
 */
export class Deliveries {
  private readonly kept: { readonly delivery: Delivery; readonly message: Message }[] = [];
  private readonly toRepositories: Inside['webhooks']['dispatch'];

  /** Before the emulator's own routes. */
  constructor(private readonly inside: Inside) {
    const { routes, webhooks } = inside;
    this.toRepositories = webhooks.dispatch.bind(webhooks);
    routes.get('/app/hook/deliveries', (context) => this.list(context));
    routes.post('/app/hook/deliveries/:id/attempts', (context) => this.again(context));
  }

  /** After them: what the emulator would send to Apps is sent from here. */
  takeOver(): void {
    this.inside.webhooks.dispatch = async (event, action, payload, owner, repo) => {
      await this.toRepositories(event, action, payload, owner, repo);
      const { apps, appInstallations } = this.inside.store;
      for (const { app_id, installation_id, account_login } of appInstallations.all()) {
        const app = apps.all().find((row) => row.app_id === app_id);
        if (!app?.webhook_url || account_login !== owner || !subscribed(app, event)) continue;
        const body = JSON.stringify({ ...payload, installation: { id: installation_id } });
        const about = { event, action: action ?? null, installation: installation_id };
        await this.send({ app: app_id, guid: randomUUID(), ...about, body }, false);
      }
    };
  }

  private async send(message: Message, redelivery: boolean): Promise<void> {
    const { guid, event, action, installation, body } = message;
    const app = this.inside.store.apps.all().find((row) => row.app_id === message.app);
    const response = await fetch(app?.webhook_url ?? '', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': event,
        'x-github-delivery': guid,
        'x-hub-signature-256': `sha256=${createHmac('sha256', app?.webhook_secret ?? '')
          .update(body)
          .digest('hex')}`,
      },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => undefined);
    const delivery = {
      id: this.kept.length + 1,
      guid,
      delivered_at: new Date().toISOString(),
      redelivery,
      duration: 0.01,
      status: response
        ? response.ok
          ? 'OK'
          : `Invalid HTTP Response: ${response.status}`
        : 'failed to connect',
      // What GitHub notes when nothing answered.
      status_code: response?.status ?? 502,
      event,
      action,
      installation_id: installation,
      repository_id: null,
    };
    this.kept.push({ delivery, message });
  }

  private list(context: Context): Response {
    if (!isApp(context)) return refused(context);
    const url = new URL(context.req.raw.url);
    const size = Number(url.searchParams.get('per_page') ?? 30);
    const before = Number(url.searchParams.get('cursor') ?? Number.POSITIVE_INFINITY);
    const older = this.kept
      .map(({ delivery }) => delivery)
      .filter(({ id }) => id < before)
      .reverse();
    const page = older.slice(0, size);
    if (older.length === page.length) return context.json(page);
    url.searchParams.set('cursor', String(page.at(-1)?.id));
    return context.json(page, 200, { link: `<${url}>; rel="next"` });
  }

  private again(context: Context): Response {
    if (!isApp(context)) return refused(context);
    const found = this.kept.find(({ delivery }) => delivery.id === Number(context.req.param('id')));
    if (!found) return context.json({ message: 'Not Found' }, 404);
    void this.send(found.message, true);
    return context.json({}, 202);
  }
}

function subscribed({ events }: AppRow, event: string): boolean {
  return events.includes(event) || events.includes('*');
}

function isApp(context: Context): boolean {
  return context.get('authApp') !== undefined;
}

function refused(context: Context): Response {
  return context.json({ message: 'A JSON web token could not be decoded' }, 401);
}
