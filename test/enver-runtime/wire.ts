import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { HttpProxy } from './http-proxy.js';

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
export class Wire extends HttpProxy {
  /** Every call, those that were failed among them. */
  calls: Call[] = [];
  intercept: Intercept = () => undefined;

  static to(target: string): Promise<Wire> {
    return new Wire(target).listen();
  }

  /** How often each operation was called since the last time, without those that assume roles. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { name } of this.calls)
      if (!name.startsWith('AssumeRole')) counts[name] = (counts[name] ?? 0) + 1;
    this.calls = [];
    return counts;
  }

  protected async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const { method, url: path = '', headers } = request;
    const call = { name: nameOf(request, body), path, body: body.toString() };
    this.calls.push(call);
    const fault = await this.intercept(call);
    if (fault) return fail(response, fault, call.name.endsWith(' S3'));
    // The host that the caller signed stays as it is.
    return this.passOn({ method, path, headers }, body, response);
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
