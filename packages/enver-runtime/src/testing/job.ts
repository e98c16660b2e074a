import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { canonicalJson, dispatchStatePath, type EnverEntry, inputVersion } from '@ondemandenv/contracts-base';
import { RuntimeServer, TOKEN } from './runtime-server.js';

/** The built command, from `src/testing` and from `dist/testing`. */
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface StepResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A job of one enver: a directory, a platform, and the command's steps as processes of their own. */
export class TestJob {
  readonly folder: string;
  readonly server: RuntimeServer;
  readonly variables: Record<string, string>;

  private constructor(folder: string, server: RuntimeServer) {
    this.folder = folder;
    this.server = server;
    this.variables = {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      ODMD_ENVER: server.entry.id,
      ODMD_DISPATCH: 'd1',
      ODMD_PLATFORM_URL: server.url,
      ODMD_JOB_TOKEN: TOKEN,
      ODMD_OUTPUT: join(folder, 'outputs'),
    };
  }

  static async start(entry: EnverEntry): Promise<TestJob> {
    const folder = await mkdtemp(join(tmpdir(), 'odmd-enver-'));
    return new TestJob(folder, await RuntimeServer.start(entry));
  }

  /** Stores the dispatch `id` with the newest versions of what the enver consumes, as the platform would. */
  dispatch(id = 'd1', sha = 'a'.repeat(40)): void {
    const { server } = this;
    const inputs = server.entry.consumes.flatMap(({ path, placeholder }) => {
      const versions = server.versions.get(path);
      const newest = versions?.at(-1);
      if (versions !== undefined && newest !== undefined)
        return [[path, inputVersion(versions.length, newest)]];
      if (placeholder === undefined) return [];
      return [[path, inputVersion('placeholder', canonicalJson(placeholder))]];
    });
    const vector = { source: { sha, tree: 'tree' }, inputs: Object.fromEntries(inputs) };
    server.store(dispatchStatePath(server.entry.id), { id, vector });
  }

  /** Starts one step. */
  spawn(...args: string[]): ChildProcess {
    return spawn(process.execPath, [MAIN, ...args], {
      cwd: this.folder,
      env: this.variables,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Runs one step to its end. */
  step(...args: string[]): Promise<StepResult> {
    return ended(this.spawn(...args));
  }

  async output(content: string): Promise<void> {
    await writeFile(join(this.folder, 'outputs'), content);
  }

  read(file: string): Promise<string> {
    return readFile(join(this.folder, file), 'utf8');
  }

  async close(): Promise<void> {
    await this.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Waits for the end of a step and its whole output. */
export async function ended(child: ChildProcess): Promise<StepResult> {
  const exit = once(child, 'exit');
  const read = (stream: ChildProcess['stdout']) => (stream ? text(stream) : '');
  const [stdout, stderr] = await Promise.all([read(child.stdout), read(child.stderr)]);
  const [code, signal] = await exit;
  return { code, signal, stdout, stderr };
}
