import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { mustRun } from './command.js';
import type { Stage } from './stage.js';
import type { PlatformEvent, Status } from './views.js';

const STOP_TIMEOUT_MS = 15_000;

/** The platform on this machine, used through `odmd` as anybody would. */
export class Platform {
  private child: ChildProcess | undefined;
  private lastEvent = 0;
  private latest: Status | undefined;
  private words = '';

  /**
   * @param toolchain folder in which the platform's packages are installed
   * @param home folder for everything that the platform keeps
   */
  constructor(
    private readonly toolchain: string,
    private readonly home: string,
    private readonly stage: Stage,
    private readonly signal: AbortSignal,
  ) {}

  /** Starts it and resolves when it says that it is ready. */
  async start(contractsRepo: string): Promise<void> {
    const args = ['local', 'start', '--contracts-repo', contractsRepo, '--toolchain', this.toolchain];
    this.stage.command(`odmd ${args.slice(0, 4).join(' ')}`);
    const child = spawn(this.odmd, args, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.words += text;
    });
    const ended = once(child, 'close').then(([code]) => {
      throw new Error(`the platform ended with ${code}:\n${this.words}`);
    });
    const ready = new Promise<string>((resolve) => {
      createInterface(child.stdout).on('line', (line) => {
        if (line.startsWith('platform ready')) resolve(line);
      });
    });
    ended.catch(() => undefined); // also when it ends later: whoever talks to it then says so
    this.stage.answer(await Promise.race([ready, ended]));
  }

  /** Ends it and everything that it started. */
  async stop(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'close');
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await gone;
    clearTimeout(force);
  }

  /** Where to push a repository to. */
  async remote(repo: string): Promise<string> {
    return (await this.run('local', 'remote', repo)).trim();
  }

  /** Waits until nothing is left to do, and gives what is there then. */
  async settled(): Promise<Status> {
    const status: Status = JSON.parse(await this.run('status', '--wait', '--json'));
    this.latest = status;
    return status;
  }

  /** What it complained about so far. */
  get complaints(): string {
    return this.words;
  }

  /** What was there when it had settled the last time: before anything new was done. */
  get before(): Status {
    if (!this.latest) throw new Error('nothing has settled yet');
    return this.latest;
  }

  /** Prints the table that a person would look at. */
  async showStatus(): Promise<void> {
    this.stage.command('odmd status');
    this.stage.answer(await this.run('status'));
  }

  /** Events since the last call, oldest first. */
  async newEvents(): Promise<PlatformEvent[]> {
    const args = ['local', 'events', '--json', '--after', String(this.lastEvent)];
    const events: PlatformEvent[] = JSON.parse(await this.run(...args));
    this.lastEvent = events.at(-1)?.seq ?? this.lastEvent;
    return events;
  }

  private async run(...args: string[]): Promise<string> {
    return (await mustRun(this.odmd, args, { cwd: this.toolchain, env: this.env, signal: this.signal }))
      .stdout;
  }

  private get odmd(): string {
    return join(this.toolchain, 'node_modules', '.bin', 'odmd');
  }

  private get env() {
    return { ...process.env, ODMD_HOME: this.home };
  }
}
