import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  canonicalJson,
  deployedStatePath,
  dispatchStatePath,
  type EnverEntry,
} from '@ondemandenv/contracts-base';
import type { StoredValue } from '../platform.js';
import {
  eventsRequestSchema,
  manifestRequestSchema,
  RUNTIME_PATHS,
  readRequestSchema,
  writeRequestSchema,
} from '../protocol.js';

export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Record<string, string>;
}
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}
/** Answers instead of the server; `undefined` lets it answer itself. */
export type Intercept = (request: Request) => Answer | Promise<Answer> | undefined;

export const TOKEN = 'token-of-the-job';

/** The platform's side of the runtime protocol over maps in memory, for one enver, with its authorisation. */
export class RuntimeServer {
  readonly versions = new Map<string, string[]>();
  readonly events: unknown[][] = [];
  readonly manifests = new Map<string, string>();
  readonly requests: Request[] = [];
  entry: EnverEntry;
  intercept: Intercept = () => undefined;
  private readonly server: Server;

  private constructor(entry: EnverEntry) {
    this.entry = entry;
    this.server = createServer((request, response) => this.serve(request, response));
  }

  static async start(entry: EnverEntry): Promise<RuntimeServer> {
    const runtime = new RuntimeServer(entry);
    runtime.server.listen(0, '127.0.0.1');
    await once(runtime.server, 'listening');
    return runtime;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the server is not listening');
    return `http://127.0.0.1:${address.port}`;
  }

  /** Stores a value as the platform would; an unchanged one makes no version. */
  store(path: string, value: unknown): number {
    const text = canonicalJson(value);
    const versions = this.versions.get(path) ?? [];
    if (versions.at(-1) !== text) versions.push(text);
    this.versions.set(path, versions);
    return versions.length;
  }

  /** The newest value of a path, parsed. */
  newest(path: string): unknown {
    const text = this.versions.get(path)?.at(-1);
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** The paths that were written over HTTP, in order. */
  writes(): string[] {
    return this.requests
      .filter(({ method, path }) => method === 'PUT' && path === RUNTIME_PATHS.write)
      .map(({ body }) => writeRequestSchema.parse(body).path);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const request = {
      method: message.method ?? '',
      path: message.url ?? '',
      body: text === '' ? undefined : JSON.parse(text),
    };
    this.requests.push(request);
    const { status, body, headers } =
      (await this.intercept(request)) ?? this.answer(request, message.headers.authorization);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  }

  private answer({ method, path, body }: Request, authorization: string | undefined): Answer {
    if (authorization !== `Bearer ${TOKEN}`)
      return { status: 401, body: { code: 'ODMD610', message: 'no such token' } };
    switch (`${method} ${path}`) {
      case `GET ${RUNTIME_PATHS.entry}`:
        return ok(this.entry);
      case `POST ${RUNTIME_PATHS.read}`:
        return this.read(readRequestSchema.parse(body).names);
      case `PUT ${RUNTIME_PATHS.write}`:
        return this.write(writeRequestSchema.parse(body));
      case `POST ${RUNTIME_PATHS.events}`:
        this.events.push(eventsRequestSchema.parse(body).events);
        return ok({});
      case `PUT ${RUNTIME_PATHS.manifests}`: {
        const { sha, manifest } = manifestRequestSchema.parse(body);
        this.manifests.set(sha, manifest);
        return ok({});
      }
      default:
        return { status: 404, body: { code: 'ODMD611', message: 'no such route' } };
    }
  }

  private read(names: readonly string[]): Answer {
    const { id, consumes, products } = this.entry;
    const readable = new Set([
      ...consumes.map((use) => use.path),
      ...products.map((product) => product.path),
      dispatchStatePath(id),
      deployedStatePath(id),
    ]);
    const refused = names.find((name) => !readable.has(name.split(':')[0] ?? ''));
    if (refused !== undefined) return forbidden(`${refused} is neither consumed nor own`);
    return ok({ values: names.flatMap((name) => this.find(name)) });
  }

  private find(name: string): StoredValue[] {
    const [path = '', number] = name.split(':');
    const versions = this.versions.get(path) ?? [];
    const version = number === undefined ? versions.length : Number(number);
    const value = versions[version - 1];
    return value === undefined ? [] : [{ path, version, value }];
  }

  private write({ path, value }: { path: string; value: string }): Answer {
    const own = [...this.entry.products.map((product) => product.path), deployedStatePath(this.entry.id)];
    if (!own.includes(path)) return forbidden(`${path} is not a declared product`);
    const before = this.versions.get(path)?.length ?? 0;
    const version = this.store(path, JSON.parse(value));
    return ok({ version, changed: version !== before });
  }
}

function ok(body: object): Answer {
  return { status: 200, body };
}

function forbidden(message: string): Answer {
  return { status: 403, body: { code: 'ODMD612', message } };
}
