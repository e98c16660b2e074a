import { once } from 'node:events';
import {
  request as ask,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';

/**
 * The way of a container tool to the registry of the emulator: a proxy, so that the registry has the host name that it
 * has on AWS. Like AWS, and unlike the emulator, it demands the login that `GetAuthorizationToken` gave.
 */
export class RegistryGate {
  /** What was asked for, with the right login, as `PUT /v2/orders/main/api/manifests/…`. */
  requests: string[] = [];
  private readonly server: Server;

  private readonly auth: string;

  private constructor(emulator: URL, auth: string) {
    this.auth = auth;
    this.server = createServer((request, response) => {
      this.pass(request, response, emulator).catch(() => response.destroy());
    });
  }

  /** @param auth the login that is right, base64 of `user:password` */
  static async to(emulator: string, auth: string): Promise<RegistryGate> {
    const gate = new RegistryGate(new URL(emulator), auth);
    gate.server.listen(0, '127.0.0.1');
    await once(gate.server, 'listening');
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What is at an address of the registry, for who has the login. */
  async get(address: string): Promise<string> {
    const { hostname, port } = new URL(this.url);
    const asked = ask({ hostname, port, path: address, headers: { authorization: `Basic ${this.auth}` } });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return text(answer);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async pass(
    request: IncomingMessage,
    response: ServerResponse,
    { hostname, port }: URL,
  ): Promise<void> {
    const body = await buffer(request);
    const { method, headers } = request;
    // A proxy is asked for whole addresses.
    const { pathname, search, host } = new URL(request.url ?? '', 'http://nowhere');
    if (headers.authorization !== `Basic ${this.auth}`) {
      response.writeHead(401, {
        'www-authenticate': `Basic realm="https://${host}/",service="ecr.amazonaws.com"`,
      });
      response.end('Not Authorized\n');
      return;
    }
    this.requests.push(`${method} ${pathname}`);
    const onward = ask({ hostname, port, method, path: pathname + search, headers: { ...headers, host } });
    onward.end(body);
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    response.end(await buffer(answer));
  }
}
