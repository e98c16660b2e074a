import { once } from 'node:events';
import {
  request as ask,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A call of an AWS API, as it went over the wire. */
export interface Call {
  /** The operation; of S3 the method and `S3`, as in `PUT S3`. */
  readonly name: string;
  readonly path: string;
  readonly body: string;
}

interface Fault {
  readonly status: number;
  /** The error's name. */
  readonly type: string;
  readonly message?: string;
}

/** Answers instead of AWS, or nothing and lets it answer. It may also take its time, or kill somebody. */
export type Intercept = (call: Call) => Fault | undefined | Promise<Fault | undefined>;

/** What lies between a job and AWS: it counts calls and can fail them. */
export class Wire {
  /** Every call, those that were failed among them. */
  calls: Call[] = [];
  intercept: Intercept = () => undefined;
  private readonly server: Server;
  private readonly target: URL;

  private constructor(target: string) {
    this.target = new URL(target);
    this.server = createServer((request, response) => {
      this.pass(request, response).catch(() => response.destroy());
    });
  }

  static async to(target: string): Promise<Wire> {
    const wire = new Wire(target);
    wire.server.listen(0, '127.0.0.1');
    await once(wire.server, 'listening');
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How often each operation was called since the last time, without those that assume roles. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { name } of this.calls)
      if (!name.startsWith('AssumeRole')) counts[name] = (counts[name] ?? 0) + 1;
    this.calls = [];
    return counts;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const call = { name: nameOf(request, body), path: request.url ?? '', body: body.toString() };
    this.calls.push(call);
    const fault = await this.intercept(call);
    if (fault) return fail(response, fault, call.name.endsWith(' S3'));
    const { hostname, port } = this.target;
    // The host that the caller signed stays as it is.
    const onward = ask({
      hostname,
      port,
      method: request.method,
      path: request.url,
      headers: request.headers,
    });
    onward.end(body);
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    response.end(await buffer(answer));
  }
}

function nameOf({ method, headers }: IncomingMessage, body: Buffer): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? target;
  return /(?:^|&)Action=(\w+)/.exec(body.toString('latin1'))?.[1] ?? `${method} S3`;
}

function fail(response: ServerResponse, { status, type, message = type }: Fault, inXml: boolean): void {
  response.writeHead(status, inXml ? {} : { 'x-amzn-errortype': type });
  const xml = `<Error><Code>${type}</Code><Message>${message}</Message></Error>`;
  response.end(inXml ? xml : JSON.stringify({ __type: type, message }));
}
