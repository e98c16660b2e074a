import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const STARTS = 3;
const READY_SECONDS = 30;

/** How a server of somebody else's is started. */
export interface ServerStart {
  /** Where it works, and writes its log. */
  readonly folder: string;
  readonly program: string;
  /** Its arguments, and all of its environment, for it to listen on this port of 127.0.0.1. */
  readonly listeningOn: (port: number) => {
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
  /** Path that it answers well once it is ready, with a slash at its start. */
  readonly readyAt: string;
}

/**
 * A server on a free port of 127.0.0.1, in a process of its own. Its input ends with this process, however that ends;
 * the program has to end with its input.
 */
export class ServerProcess {
  private constructor(
    /** Without a slash at its end. */
    readonly url: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  /** Resolves when it answers. */
  static async start(what: ServerStart): Promise<ServerProcess> {
    for (let count = 1; ; count++) {
      const port = await freePort();
      const server = new ServerProcess(`http://127.0.0.1:${port}`, what.folder, launch(what, port));
      if (await server.answers(what.readyAt)) return server;
      await server.stop();
      // Another process may have taken the port in between.
      if (count === STARTS) throw new Error(`${what.program} does not serve:\n${server.log()}`);
    }
  }

  /** What it wrote, for a test that failed. */
  log(): string {
    return readFileSync(join(this.folder, 'log'), 'utf8');
  }

  async stop(): Promise<void> {
    if (this.ended) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  private get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async answers(path: string): Promise<boolean> {
    const end = Date.now() + READY_SECONDS * 1000;
    while (Date.now() < end && !this.ended) {
      const answer = await fetch(this.url + path).catch(() => undefined);
      if (answer?.ok) return true;
      await sleep(20);
    }
    return false;
  }
}

function launch({ folder, program, listeningOn }: ServerStart, port: number): ChildProcess {
  const log = openSync(join(folder, 'log'), 'w');
  const { args, env } = listeningOn(port);
  const child = spawn(program, args, { cwd: folder, env: { ...env }, stdio: ['pipe', log, log] });
  closeSync(log);
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : 0;
}
