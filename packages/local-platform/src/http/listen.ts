import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { OdmdError } from '@ondemandenv/contracts-base';

export interface Listener {
  readonly url: string;
  /** Cuts every connection and accepts none any more. */
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1, at a port that is free when `port` is 0.
 * @throws OdmdError ODMD604 when the port is not to be had
 */
export async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  port: number,
): Promise<Listener> {
  const server = createServer(getRequestListener(fetch, { overrideGlobalObjects: false }));
  const listening = once(server, 'listening');
  server.listen({ port, host: '127.0.0.1', exclusive: true });
  await listening.catch((cause) => {
    throw new OdmdError('ODMD604', `the platform cannot listen on port ${port}: ${reason(cause)}`, {
      where: `127.0.0.1:${port}`,
      fix: 'end the program that uses the port, or choose another with --port (0: any that is free)',
      cause,
    });
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (!('code' in cause)) return cause.message;
  if (cause.code === 'EADDRINUSE') return 'another program uses it';
  return cause.code === 'EACCES' ? 'this user may not' : cause.message;
}
