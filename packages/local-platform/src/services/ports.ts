import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { OdmdError } from '@ondemandenv/contracts-base';

/** Port numbers from `from` to `to`, both included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Hands out ports of a range, none of them twice at a time. */
export class PortAllocator {
  private readonly reserved = new Set<number>();

  constructor(private readonly range: PortRange) {}

  /**
   * The first port that is neither taken nor in use by any process. It stays reserved until `release`.
   * @param taken asked again for each candidate, since others may take ports meanwhile
   * @throws OdmdError ODMD641 none is free
   */
  async reserve(taken: () => ReadonlySet<number>, where: string): Promise<number> {
    for (let port = this.range.from; port <= this.range.to; port++) {
      if (this.reserved.has(port) || taken().has(port)) continue;
      this.reserved.add(port);
      if (await isFree(port)) return port;
      this.reserved.delete(port);
    }
    throw new OdmdError('ODMD641', `no port of ${this.range.from}-${this.range.to} is free`, {
      where,
      fix: 'delete clones that are not needed, or start the platform with a wider range of service ports',
    });
  }

  release(port: number): void {
    this.reserved.delete(port);
  }
}

/** Whether a process could listen on this port of 127.0.0.1 now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Waits for a port that a dying process may still hold; `false` when it is not free in time. */
export async function becomesFree(
  port: number,
  timeoutMs: number,
  cancelled?: AbortSignal,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isFree(port))) {
    if (Date.now() >= deadline || cancelled?.aborted) return false;
    await delay(50);
  }
  return true;
}
