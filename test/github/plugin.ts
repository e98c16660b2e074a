import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/*
 * What is used of the inside of `emulate`, which says nothing of it: its version is pinned, and every use has its probe.
 */

export interface Context {
  readonly req: {
    readonly method: string;
    readonly raw: Request;
    param(name: string): string;
    json(): Promise<unknown>;
  };
  /** What the emulator found out about whoever asks. */
  get(name: string): unknown;
  redirect(location: string): Response;
  json(data: unknown, status?: number, headers?: Record<string, string>): Response;
}

type Next = () => Promise<void>;

type Handler = (context: Context) => Response | Promise<Response>;

interface Routes {
  fetch: (request: Request) => Promise<Response>;
  get(path: string, handler: Handler): void;
  post(path: string, handler: Handler): void;
  use(path: string, handler: (context: Context, next: Next) => Promise<Response | undefined>): void;
}

interface Table<Row> {
  insert(row: Record<string, unknown>): Row;
  update(id: number, change: Record<string, unknown>): void;
  all(): Row[];
}

interface Repository {
  readonly id: number;
  readonly full_name: string;
  readonly default_branch: string;
}

interface ByRepository {
  readonly id: number;
  readonly repo_id: number;
}

interface Run extends ByRepository {
  readonly name: string;
  readonly workflow_id: number;
  readonly status: string;
  /** What it was dispatched with, as `actionsOf` notes it. */
  readonly ref?: string;
  readonly inputs?: Readonly<Record<string, string>>;
}

export interface AppRow {
  readonly id: number;
  readonly app_id: number;
  readonly events: readonly string[];
  readonly webhook_url: string | null;
  readonly webhook_secret: string | null;
}

interface Installation {
  readonly app_id: number;
  readonly installation_id: number;
  readonly account_login: string;
}

/** The emulator's tables. */
interface Store {
  readonly apps: Table<AppRow>;
  readonly appInstallations: Table<Installation>;
  readonly repos: Table<Repository>;
  readonly workflows: Table<ByRepository & { readonly path: string }>;
  readonly workflowRuns: Table<Run>;
  readonly artifacts: Table<ByRepository>;
  readonly jobs: Table<ByRepository & { readonly run_id: number }>;
  readonly refs: Table<ByRepository & { readonly ref: string; readonly sha: string }>;
  readonly tags: Table<ByRepository & { readonly sha: string; readonly object_sha: string }>;
}

interface Webhooks {
  dispatch(
    event: string,
    action: string | undefined,
    payload: Record<string, unknown>,
    owner: string,
    repo: string,
  ): Promise<void>;
}

export interface Inside {
  readonly routes: Routes;
  readonly store: Store;
  readonly webhooks: Webhooks;
}

type Register = (routes: Routes, store: unknown, webhooks: Webhooks, ...rest: unknown[]) => void;

interface PluginModule {
  readonly githubPlugin: { register: Register };
  getGitHubStore(store: unknown): Store;
}

/**
 * Runs `start`, which starts an emulator: `before` sees the inside of it while its own routes are not there yet, and
 * `after` when they are.
 */
export async function withInside<T>(
  start: () => Promise<T>,
  before: (inside: Inside) => void,
  after: (inside: Inside) => void,
): Promise<T> {
  const { githubPlugin, getGitHubStore } = await pluginModule();
  const { register } = githubPlugin;
  githubPlugin.register = function (this: unknown, routes, store, webhooks, ...rest) {
    const inside = { routes, store: getGitHubStore(store), webhooks };
    before(inside);
    register.call(this, routes, store, webhooks, ...rest);
    after(inside);
  };
  try {
    return await start();
  } finally {
    githubPlugin.register = register;
  }
}

/** The part of the package that emulates GitHub; imported by its file, it is the very module that the package uses. */
async function pluginModule(): Promise<PluginModule> {
  const folder = dirname(fileURLToPath(import.meta.resolve('emulate')));
  const file = readdirSync(folder).find(
    (name) =>
      /^dist-.*\.js$/.test(name) &&
      readFileSync(join(folder, name), 'utf8').includes('actions/workflows/:workflow_id/dispatches'),
  );
  if (file === undefined) throw new Error('this version of emulate is another one inside');
  return (await import(pathToFileURL(join(folder, file)).href)) as PluginModule;
}
