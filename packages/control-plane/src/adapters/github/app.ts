import { App } from '@octokit/app';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import { conditionalReads } from './conditional-reads.js';

export interface GitHubAppOptions {
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  /** @default 'https://api.github.com' */
  readonly baseUrl?: string;
  /** Does the requests; Node's own by default. */
  readonly fetch?: typeof globalThis.fetch;
  /**
   * Leaves a second between writes, and three between comments, as GitHub asks of every App.
   * @default true
   */
  readonly spaced?: boolean;
}

/** How often a read is tried again when GitHub fails, at first after one second and then after four. */
const RETRIES = 2;
const TIMEOUT_MS = 20_000;

const Client: typeof Octokit = Octokit.plugin(retry, throttling, retryReadsOnly, conditionalReads);

/** A client that acts as an installation of the App. */
export type GitHubClient = Octokit;

/** The platform as a GitHub App. Installation tokens last an hour and are kept for as long as they are good. */
export class GitHubApp {
  private readonly app: App<{ Octokit: typeof Octokit }>;
  private readonly clients = new Map<number, Promise<GitHubClient>>();
  private slug: Promise<string> | undefined;
  readonly id: number;

  constructor(options: GitHubAppOptions) {
    const { appId, privateKey, baseUrl, fetch = globalThis.fetch, spaced = true } = options;
    const inTime: typeof fetch = (url, init) =>
      fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const silent = () => {};
    this.id = appId;
    this.app = new App({
      appId,
      privateKey,
      Octokit: Client.defaults({
        userAgent: 'odmd',
        ...(baseUrl !== undefined && { baseUrl }),
        request: { fetch: inTime },
        log: { debug: silent, info: silent, warn: silent, error: silent },
        retry: { retries: RETRIES, doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451] },
        // Waiting for a limit is not this process's to do: whoever handles the hint comes again.
        throttle: { enabled: spaced, onRateLimit: () => false, onSecondaryRateLimit: () => false },
      }),
    });
  }

  /** Acts as the App itself, not as an installation of it. */
  get itself(): GitHubClient {
    return this.app.octokit;
  }

  /** @param installation the id of the installation in one organisation or user account */
  client(installation: number): Promise<GitHubClient> {
    const known = this.clients.get(installation);
    if (known) return known;
    const made = this.app.getInstallationOctokit(installation);
    this.clients.set(installation, made);
    made.catch(() => this.clients.delete(installation));
    return made;
  }

  /** The login under which the App writes comments. */
  async login(): Promise<string> {
    this.slug ??= this.app.octokit.request('GET /app').then(({ data }) => data?.slug ?? '');
    try {
      return `${await this.slug}[bot]`;
    } catch (error) {
      this.slug = undefined;
      throw error;
    }
  }
}

/** A write that failed may have been done all the same: only whoever asked for it knows whether to look first. */
function retryReadsOnly(octokit: Pick<Octokit, 'hook'>): void {
  octokit.hook.before('request', (options) => {
    if (options.method !== 'GET') options.request = { ...options.request, retries: 0 };
  });
}
