import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const PROBE_EVERY_MS = 50;
const PROBE_TIMEOUT_MS = 2_000;

export type Readiness = 'ready' | 'exited' | 'timeout';

/**
 * Waits until a service answers: its health path with 2xx, or, without one, its port with a connection.
 * @param exited settles when the process has ended
 */
export async function waitUntilReady(
  target: { readonly port: number; readonly health?: string },
  exited: Promise<unknown>,
  timeoutMs: number,
): Promise<Readiness> {
  let alive = true;
  const end = exited.then(() => {
    alive = false;
  });
  const deadline = Date.now() + timeoutMs;
  while (alive && Date.now() < deadline) {
    const answers = target.health === undefined ? accepts(target.port) : healthy(target.port, target.health);
    const ready = await Promise.race([answers, end.then(() => false)]);
    // Whoever answered may be somebody else when our process is gone.
    if (ready && alive) return 'ready';
    await Promise.race([delay(PROBE_EVERY_MS), end]);
  }
  return alive ? 'timeout' : 'exited';
}

function healthy(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    // No agent: a connection kept alive would hold up the service when it is asked to stop.
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: PROBE_TIMEOUT_MS });
    const settle = (answer: boolean) => {
      request.destroy();
      resolve(answer);
    };
    request.once('response', ({ statusCode = 0 }) => settle(statusCode >= 200 && statusCode < 300));
    request.on('error', () => settle(false));
    request.once('timeout', () => settle(false));
  });
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: PROBE_TIMEOUT_MS });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.on('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}
