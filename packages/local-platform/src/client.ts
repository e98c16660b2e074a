import { setTimeout as delay } from 'node:timers/promises';
import { OdmdError } from '@ondemandenv/contracts-base';
import type { Answer, LoggedEvent } from '@ondemandenv/control-plane';
import type { Connection, PlatformStatus } from './api-types.js';
import { processAlive } from './guard/index.js';
import { readConnection } from './home.js';

const LOOK_EVERY_MS = 100;
const MAX_STOP_MS = 60_000;

/**
 * The running platform as its user's tools see it. Errors: the platform's own codes, or
 * ODMD660 no platform runs there · ODMD661 still busy · ODMD662 an answer that was not understood.
 */
export class LocalPlatformClient {
  private constructor(
    private readonly home: string,
    private readonly connection: Connection,
  ) {}

  /** The platform that runs in a folder. @throws OdmdError ODMD660 */
  static async open(home: string): Promise<LocalPlatformClient> {
    const connection = await readConnection(home);
    if (!connection) throw notRunning(home);
    return new LocalPlatformClient(home, connection);
  }

  async status(): Promise<PlatformStatus> {
    return json(await this.call('GET', '/api/status'));
  }

  /** The events after a number, oldest first; 0 is before all of them. */
  async events(after = 0): Promise<LoggedEvent[]> {
    return json<{ events: LoggedEvent[] }>(await this.call('GET', `/api/events?after=${after}`)).events;
  }

  /** Has an enver deployed with the newest values, whatever it failed with or is blocked by. */
  async deploy(enver: string): Promise<void> {
    await this.call('POST', '/api/deploy', { enver });
  }

  /** Grants or refuses the version of a product that an enver waits for. */
  async decide(decision: {
    readonly enver: string;
    readonly path: string;
    readonly version: string;
    readonly granted: boolean;
    /** `account/role`. */
    readonly by: string;
  }): Promise<void> {
    await this.call('POST', '/api/decide', decision);
  }

  /** Removes an enver that has left the contracts. */
  async retire(enver: string): Promise<void> {
    await this.call('POST', '/api/retire', { enver });
  }

  /** Has the newest published contracts applied although they do not follow those in force. */
  async applyContracts(sha: string): Promise<void> {
    await this.call('POST', '/api/sync', { sha });
  }

  /** Carries out an `odmd:` line for a ref (a full git name). @returns what became of it */
  async command(repo: string, ref: string, line: string): Promise<Answer[]> {
    return json<{ answers: Answer[] }>(await this.call('POST', '/api/command', { repo, ref, line })).answers;
  }

  /** What the newest job of an enver printed so far. */
  async log(enver: string): Promise<string> {
    return this.call('GET', `/api/log?enver=${encodeURIComponent(enver)}`);
  }

  /** Stops the platform and resolves when it has. */
  async stop(): Promise<void> {
    const { token, pid } = this.connection;
    await this.call('POST', '/api/stop').catch((error) => {
      // The connection may be cut before the answer comes; a process that is gone answers nothing at all.
      if (error.code !== 'ODMD660' || !processAlive(pid)) throw error;
    });
    const deadline = Date.now() + MAX_STOP_MS;
    while ((await readConnection(this.home))?.token === token) {
      if (Date.now() >= deadline)
        throw new OdmdError('ODMD661', `the platform has not stopped within ${MAX_STOP_MS / 1000} s`, {
          where: this.home,
          fix: `end its process ${pid}`,
        });
      await delay(LOOK_EVERY_MS);
    }
  }

  /**
   * Waits until nothing is queued or running.
   * @param progress called with every status that was seen
   * @throws OdmdError ODMD661 with what still goes on after `timeoutMs`
   */
  async waitUntilIdle(
    timeoutMs: number,
    progress: (status: PlatformStatus) => void = () => {},
  ): Promise<PlatformStatus> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const status = await this.status();
      progress(status);
      if (!status.busy) return status;
      if (Date.now() >= deadline) throw stillBusy(status, timeoutMs);
      await delay(LOOK_EVERY_MS);
    }
  }

  private async call(method: 'GET' | 'POST', path: string, body?: object): Promise<string> {
    const response = await fetch(this.connection.url + path, {
      method,
      headers: { authorization: `Bearer ${this.connection.token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((cause) => {
      throw notRunning(this.home, cause);
    });
    const text = await response.text();
    if (response.ok) return text;
    const { code, message, where, fix } = json<{
      code: string;
      message: string;
      where?: string;
      fix?: string;
    }>(text);
    throw new OdmdError(code, message, {
      ...(where !== undefined && { where }),
      ...(fix !== undefined && { fix }),
    });
  }
}

function json<T>(text: string): T {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OdmdError('ODMD662', 'the answer of the platform was not understood', {
      fix: 'use releases of the platform and of its tools that belong together',
      cause,
    });
  }
}

function notRunning(home: string, cause?: unknown): OdmdError {
  return new OdmdError('ODMD660', 'no platform runs in this folder', {
    where: home,
    fix: 'start it with `odmd local start`, or name the folder of the one you mean with --home',
    cause,
  });
}

function stillBusy({ envers }: PlatformStatus, timeoutMs: number): OdmdError {
  const active = envers.filter(({ phase }) => phase === 'running' || phase === 'deleting');
  const what = active.map(({ id, phase, reason }) => `${id} ${phase}: ${reason}`).join('; ') || 'queued work';
  return new OdmdError('ODMD661', `still busy after ${timeoutMs / 1000} s: ${what}`, {
    fix: 'wait longer, or see `odmd local log <enver>`',
  });
}
