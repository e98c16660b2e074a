import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

interface Received {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** Takes webhooks, byte by byte as they come. */
export class Receiver {
  /** What it answers. */
  status = 200;

  private constructor(
    readonly url: string,
    readonly received: readonly Received[],
    readonly close: () => Promise<void>,
  ) {}

  static async start(): Promise<Receiver> {
    const received: Received[] = [];
    const server = createServer(async (request, response) => {
      const names = ['x-github-event', 'x-github-delivery', 'x-hub-signature-256'];
      const headers = Object.fromEntries(names.map((name) => [name, request.headers[name]?.toString()]));
      received.push({ headers, body: await buffer(request) });
      response.writeHead(receiver.status).end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const close = () => new Promise<void>((closed) => server.close(() => closed()));
    const receiver = new Receiver(`http://127.0.0.1:${port}/`, received, close);
    return receiver;
  }
}
