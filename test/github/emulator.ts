import { generateKeyPairSync } from 'node:crypto';
import { fullRef, type RevisionRef } from '@ondemandenv/contracts-base';
import { GitHubApp } from '@ondemandenv/control-plane/github';
import { createEmulator } from 'emulate';
import { actionsOf, type EndedStep, endRun } from './actions.js';
import { Artifacts } from './artifacts.js';
import { Deliveries } from './deliveries.js';
import { etagsOf } from './etags.js';
import { type Inside, withInside } from './plugin.js';
import { rulesetsOf } from './rulesets.js';
import { tagsOf } from './tags.js';
import { webhooksOf } from './webhook-payloads.js';

const ADMIN = 'token-of-the-admin';
export const ORG = 'o';
export const INSTALLATION = 77;
export const WEBHOOK_SECRET = 'the secret of the webhook';
const APP_ID = 4242;
const PERMISSIONS = {
  actions: 'write',
  checks: 'write',
  contents: 'write',
  issues: 'write',
  metadata: 'read',
  pull_requests: 'write',
  workflows: 'write',
};

interface Change {
  readonly message: string;
  readonly files?: Readonly<Record<string, string>>;
  /** The commit that it comes after, instead of the newest of the ref. */
  readonly from?: string;
}

export interface GitHubEmulatorOptions {
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
export class GitHubEmulator {
  /** What was asked of it through `app`. */
  readonly requests: SentRequest[] = [];
  private repos = 0;

  private constructor(
    readonly url: string,
    readonly inside: Inside,
    /** Unless it is as its makers have it. */
    readonly artifacts: Artifacts | undefined,
    private readonly privateKey: string,
    private readonly stop: () => Promise<void>,
  ) {}

  static async start({ webhookUrl, plain = false }: GitHubEmulatorOptions = {}): Promise<GitHubEmulator> {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    let inside: Inside | undefined;
    let deliveries: Deliveries | undefined;
    let artifacts: Artifacts | undefined;
    const emulator = await withInside(
      () => createEmulator({ service: 'github', port: 0, seed: seed(privateKey, webhookUrl) }),
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
    return new GitHubEmulator(emulator.url, inside, artifacts, privateKey, () => emulator.close());
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
      installations: { [ORG]: INSTALLATION },
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

  /** Makes an empty repository. @returns `owner/name` */
  async createRepo(name = `repo-${++this.repos}`): Promise<string> {
    await this.rest('POST', `/orgs/${ORG}/repos`, { name });
    return `${ORG}/${name}`;
  }

  async deleteRepo(repo: string): Promise<void> {
    await this.rest('DELETE', `/repos/${repo}`);
  }

  /** Commits on a branch, made from main if it is new, or makes an annotated tag there. @returns the commit */
  async push(repo: string, revision: RevisionRef, change: Change): Promise<string> {
    const own = revision.kind === 'branch' ? await this.headOf(repo, revision) : undefined;
    const parent = change.from ?? own ?? (await this.headOf(repo, { kind: 'branch', ref: 'main' }));
    if (revision.kind === 'tag') return this.tag(repo, revision.ref, parent ?? '', change.message);
    const commit = await this.commit(repo, parent, change);
    await this.point(repo, revision, commit);
    return commit;
  }

  /** Lets a branch or tag name this commit, or this tag object. */
  async point(repo: string, revision: RevisionRef, sha: string): Promise<void> {
    const ref = fullRef(revision);
    const path = `/repos/${repo}/git/${encodeURI(ref)}`;
    const exists = (await this.headOf(repo, revision)) !== undefined;
    if (exists) await this.rest('PATCH', path, { sha, force: true });
    else await this.rest('POST', `/repos/${repo}/git/refs`, { ref, sha });
  }

  async deleteRef(repo: string, revision: RevisionRef): Promise<void> {
    const [, folder, ...name] = fullRef(revision).split('/');
    await this.rest('DELETE', `/repos/${repo}/git/refs/${folder}/${encodeURIComponent(name.join('/'))}`);
  }

  /** A commit that no ref names. @returns its sha */
  async commit(
    repo: string,
    parent: string | undefined,
    { message, files = {} }: Change,
    ...merged: string[]
  ) {
    const base = parent && (await this.rest('GET', `/repos/${repo}/git/commits/${parent}`));
    const tree = Object.entries(files).map(([path, content]) => ({
      path,
      content,
      mode: '100644',
      type: 'blob',
    }));
    const made = await this.rest('POST', `/repos/${repo}/git/trees`, {
      tree,
      ...(base && { base_tree: base.tree.sha }),
    });
    const parents = parent === undefined ? [] : [parent, ...merged];
    const commit = { message, tree: made.sha, parents };
    return String((await this.rest('POST', `/repos/${repo}/git/commits`, commit)).sha);
  }

  async openPullRequest(repo: string, branch: string): Promise<{ number: number; close(): Promise<void> }> {
    const { number } = await this.rest('POST', `/repos/${repo}/pulls`, {
      title: 'T',
      head: branch,
      base: 'main',
    });
    return {
      number,
      close: async () =>
        void (await this.rest('PATCH', `/repos/${repo}/pulls/${number}`, { state: 'closed' })),
    };
  }

  /** Ends the run of a dispatch as a runner would. */
  endRun(dispatchId: string, conclusion: string, steps: readonly EndedStep[] = []): Promise<void> {
    return endRun(this.inside, dispatchId, conclusion, steps);
  }

  /** Asks the emulator for something as a person who may do everything. */
  // biome-ignore lint/suspicious/noExplicitAny: what GitHub answers has as many types as it has requests
  async rest(method: string, path: string, body?: unknown): Promise<any> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `token ${ADMIN}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  private async headOf(repo: string, revision: RevisionRef): Promise<string | undefined> {
    const ref = fullRef(revision);
    const found: { ref: string; object: { sha: string } }[] = await this.rest(
      'GET',
      `/repos/${repo}/git/matching-refs/${revision.kind === 'branch' ? 'heads' : 'tags'}/`,
    );
    return found.find((one) => one.ref === ref)?.object.sha;
  }

  private async tag(repo: string, tag: string, object: string, message: string): Promise<string> {
    const made = await this.rest('POST', `/repos/${repo}/git/tags`, { tag, message, object, type: 'commit' });
    await this.point(repo, { kind: 'tag', ref: tag }, made.sha);
    return object;
  }
}

function seed(privateKey: string, webhookUrl: string | undefined) {
  const events = ['*'];
  const webhook = webhookUrl !== undefined && { webhook_url: webhookUrl, webhook_secret: WEBHOOK_SECRET };
  const installations = [{ installation_id: INSTALLATION, account: ORG, permissions: PERMISSIONS, events }];
  const app = {
    app_id: APP_ID,
    slug: 'odmd',
    name: 'ODMD',
    private_key: privateKey,
    permissions: PERMISSIONS,
  };
  return {
    tokens: { [ADMIN]: { login: 'admin', scopes: ['repo', 'workflow', 'admin:org'] } },
    github: {
      orgs: [{ login: ORG, members: [{ login: 'admin', role: 'admin' as const }] }],
      apps: [{ ...app, events, ...webhook, installations }],
    },
  };
}
