import { once } from 'node:events';
import {
  request as ask,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What lies between a client and a server of this machine, on a free port of 127.0.0.1. */
export abstract class HttpProxy {
  private readonly server: Server;
  private readonly target: URL;

  protected constructor(target: string) {
    this.target = new URL(target);
    this.server = createServer((request, response) => {
      this.handle(request, response).catch(() => response.destroy());
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  protected async listen(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  /** Answers a request, by itself or by passing it on. */
  protected abstract handle(request: IncomingMessage, response: ServerResponse): Promise<void>;

  /** Passes a request on to the server, and its answer back. */
  protected async passOn(
    request: { method?: string | undefined; path?: string | undefined; headers: IncomingHttpHeaders },
    body: Buffer,
    response: ServerResponse,
  ): Promise<void> {
    const { hostname, port } = this.target;
    const onward = ask({ hostname, port, ...request });
    onward.end(body);
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    response.end(await buffer(answer));
  }
}
