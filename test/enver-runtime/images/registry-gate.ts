import { once } from 'node:events';
import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { REGION } from '../../emulator/emulator.js';
import { HttpProxy } from '../http-proxy.js';
import { WORKSPACE } from '../world.js';

/** The registry of the envers' account, by the name that it has on AWS. */
export const REGISTRY = `${WORKSPACE}.dkr.ecr.${REGION}.amazonaws.com`;
/** The login that the emulator gives, base64 of `user:password`. */
export const LOGIN = Buffer.from('AWS:ministack-auth-token').toString('base64');

/**
 * The way of a container tool to the registry of the emulator: a proxy, so that the registry has the host name that it
 * has on AWS. Like AWS, and unlike the emulator, it demands the login that `GetAuthorizationToken` gave.
 */
export class RegistryGate extends HttpProxy {
  /** What was asked for, with the right login, as `PUT /v2/orders/main/api/manifests/…`. */
  requests: string[] = [];

  static to(emulator: string): Promise<RegistryGate> {
    return new RegistryGate(emulator).listen();
  }

  /** What is at an address of the registry, for who has the login. */
  async get(address: string): Promise<string> {
    const { hostname, port } = new URL(this.url);
    const asked = ask({ hostname, port, path: address, headers: { authorization: `Basic ${LOGIN}` } });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return text(answer);
  }

  protected async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const { method, headers } = request;
    // A proxy is asked for whole addresses.
    const { pathname, search, host } = new URL(request.url ?? '', 'http://nowhere');
    if (headers.authorization !== `Basic ${LOGIN}`) {
      response.writeHead(401, {
        'www-authenticate': `Basic realm="https://${host}/",service="ecr.amazonaws.com"`,
      });
      response.end('Not Authorized\n');
      return;
    }
    this.requests.push(`${method} ${pathname}`);
    return this.passOn({ method, path: pathname + search, headers: { ...headers, host } }, body, response);
  }
}
