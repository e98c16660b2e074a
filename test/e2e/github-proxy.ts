import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that the platform sent to GitHub. */
export interface GitHubRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
}

/** An answer that is given instead of GitHub's. */
export interface OtherAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Between the platform and GitHub: it notes what is asked, and answers itself where a test wants GitHub to misbehave. */
export class GitHubProxy {
  readonly requests: GitHubRequest[] = [];
  /** Asked about every request; without an answer it goes on to GitHub. */
  answer: (request: GitHubRequest) => OtherAnswer | undefined = () => undefined;

  private constructor(
    private readonly server: Server,
    private readonly target: string,
    readonly url: string,
  ) {}

  static async to(target: string): Promise<GitHubProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const proxy = new GitHubProxy(server, target, `http://127.0.0.1:${port}`);
    server.on('request', (request, response) => {
      // Whoever asks while everything is being stopped gets no answer.
      proxy.handle(request, response).catch(() => response.destroy());
    });
    return proxy;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = request;
    this.requests.push({ method, path });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const other = this.answer({ method, path });
    if (other) {
      const type = { 'content-type': 'application/json' };
      response.writeHead(other.status, { ...type, ...other.headers }).end(JSON.stringify(other.body ?? {}));
      return;
    }
    const kept = Object.entries(headers).filter(([name]) => !/^(host|connection|content-length)$/.test(name));
    const answer = await fetch(this.target + path, {
      method,
      redirect: 'manual',
      headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    // What it says of itself, such as the next page of a list, is here.
    const own = [...answer.headers].filter(
      ([name]) => !/^(content-(encoding|length)|connection|transfer-encoding)$/.test(name),
    );
    const moved = own.map(([name, value]) => [name, value.replaceAll(this.target, this.url)]);
    response.writeHead(answer.status, Object.fromEntries(moved)).end(Buffer.from(await answer.arrayBuffer()));
  }
}
