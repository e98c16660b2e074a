import { generateKeyPairSync } from 'node:crypto';
import { GitHubApp } from '@ondemandenv/control-plane/github';
import { createEmulator } from 'emulate';
import { actionsOf, type EndedStep, endRun } from './actions.js';
import { Artifacts } from './artifacts.js';
import { Deliveries } from './deliveries.js';
import { etagsOf } from './etags.js';
import { ADMIN, People } from './people.js';
import { type Inside, withInside } from './plugin.js';
import { rulesetsOf } from './rulesets.js';
import { APP_ID, INSTALLATION, ORG, seed, WEBHOOK_SECRET } from './seed.js';
import { tagsOf } from './tags.js';
import { webhooksOf } from './webhook-payloads.js';

export { INSTALLATION, ORG, WEBHOOK_SECRET };

export interface GitHubEmulatorOptions {
  /**
   * Name of the organisation.
   * @default 'o'
   */
  readonly owner?: string;
  /** Where the App gets its webhooks, signed with `WEBHOOK_SECRET`. */
  readonly webhookUrl?: string;
  /** As its makers have it, without what it lacks. */
  readonly plain?: boolean;
}

/** A request that the App sent. */
export interface SentRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: unknown;
  /** By which it asked whether the answer that it had is still the answer. */
  readonly etag?: string;
  /** What it was answered with. */
  status?: number;
}

/**
 * A GitHub on this machine with one organisation, for which the platform's App is installed, and people who push there.
 * It is somebody else's emulator, with what it lacks (see `actionsOf`, `Artifacts`, `Deliveries`, `etagsOf`, `rulesetsOf`,
 * `tagsOf` and `webhooksOf`); what neither has is tested with answers that a test gives itself, by `app` (renamed
 * repositories, limits, cut off trees).
 */
export class GitHubEmulator extends People {
  /** What was asked of it through `app`. */
  readonly requests: SentRequest[] = [];

  private constructor(
    url: string,
    owner: string,
    readonly inside: Inside,
    /** Unless it is as its makers have it. */
    readonly artifacts: Artifacts | undefined,
    private readonly privateKey: string,
    private readonly stop: () => Promise<void>,
  ) {
    super(url, owner);
  }

  static async start(options: GitHubEmulatorOptions = {}): Promise<GitHubEmulator> {
    const { owner = ORG, webhookUrl, plain = false } = options;
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    let inside: Inside | undefined;
    let deliveries: Deliveries | undefined;
    let artifacts: Artifacts | undefined;
    const emulator = await withInside(
      () => createEmulator({ service: 'github', port: 0, seed: seed(owner, privateKey, webhookUrl) }),
      (opened) => {
        inside = opened;
        if (plain) return;
        artifacts = new Artifacts(opened, () => emulator.url);
        deliveries = new Deliveries(opened);
        etagsOf(opened);
        rulesetsOf(opened);
        tagsOf(opened);
        actionsOf(opened, () => emulator.url, ADMIN);
      },
      (opened) => {
        deliveries?.takeOver();
        if (!plain) webhooksOf(opened);
      },
    );
    if (!inside) throw new Error('the emulator was never opened');
    return new GitHubEmulator(emulator.url, owner, inside, artifacts, privateKey, () => emulator.close());
  }

  close(): Promise<void> {
    return this.stop();
  }

  /** What the platform has to know to be the App, as its secret holds it. */
  appSecret() {
    return {
      appId: APP_ID,
      privateKey: this.privateKey,
      webhookSecrets: [WEBHOOK_SECRET],
      installations: { [this.owner]: INSTALLATION },
    };
  }

  /** From now on the App gets its webhooks here. */
  sendWebhooksTo(webhookUrl: string): void {
    const [app] = this.inside.store.apps.all();
    this.inside.store.apps.update(app?.id ?? 0, { webhook_url: webhookUrl, webhook_secret: WEBHOOK_SECRET });
  }

  /** The platform's App. What it sends is noted in `requests`, and `answer` may answer instead of the emulator. */
  app(answer: (request: SentRequest) => Response | undefined = () => undefined): GitHubApp {
    return new GitHubApp({
      appId: APP_ID,
      privateKey: this.privateKey,
      baseUrl: this.url,
      spaced: false,
      fetch: async (input, init) => {
        const path = String(input).slice(this.url.length);
        const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
        const etag = new Headers(init?.headers).get('if-none-match');
        const method = init?.method ?? 'GET';
        const request: SentRequest = { method, path, body, ...(etag !== null && { etag }) };
        this.requests.push(request);
        const response = answer(request) ?? (await fetch(input, init));
        request.status = response.status;
        return response;
      },
    });
  }

  /** Ends the run of a dispatch as a runner would. */
  endRun(dispatchId: string, conclusion: string, steps: readonly EndedStep[] = []): Promise<void> {
    return endRun(this.inside, dispatchId, conclusion, steps);
  }
}
