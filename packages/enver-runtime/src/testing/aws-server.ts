import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface AwsRequest {
  readonly path: string;
  readonly body: string;
  readonly authorization: string;
}
export interface AwsAnswer {
  readonly status?: number;
  readonly body: string;
}

/** Answers in the place of AWS or GitHub, for what neither they nor an emulator can be made to say. */
export class AwsServer {
  readonly requests: AwsRequest[] = [];
  answer: (request: AwsRequest) => AwsAnswer = () => ({ status: 404, body: '' });
  private readonly server: Server;

  private constructor() {
    this.server = createServer(async (message, response) => {
      const { url: path = '', headers } = message;
      const request = { path, body: await text(message), authorization: headers.authorization ?? '' };
      this.requests.push(request);
      const { status = 200, body } = this.answer(request);
      response.writeHead(status).end(body);
    });
  }

  static async start(): Promise<AwsServer> {
    const aws = new AwsServer();
    aws.server.listen(0, '127.0.0.1');
    await once(aws.server, 'listening');
    return aws;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
