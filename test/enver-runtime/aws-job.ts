import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { EnverEntry } from '@ondemandenv/contracts-base';
import { root } from '../emulator/place.js';
import type { JobClaims, TokenOptions } from '../emulator/token-issuer.js';
import { Wire } from './wire.js';
import { CENTRAL, type World } from './world.js';

/** The command as it is published. */
export const COMMAND = join(root, 'packages/enver-runtime/dist/odmd-enver.js');

export interface StepResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A job of GitHub that works for an enver: a folder, a token, and a wire to AWS. Tests make it by `jobOf`. */
export class AwsJob {
  readonly folder = mkdtempSync(join(tmpdir(), 'odmd-job-'));
  readonly wire: Wire;
  readonly variables: Record<string, string>;

  private constructor(wire: Wire, variables: Record<string, string>) {
    this.wire = wire;
    this.variables = { HOME: this.folder, ODMD_OUTPUT: join(this.folder, 'outputs'), ...variables };
  }

  /** @param claims what GitHub says about the job; that of the enver's own if nothing else */
  static async of(
    world: World,
    entry: EnverEntry,
    claims: Partial<JobClaims> = {},
    options?: TokenOptions,
  ): Promise<AwsJob> {
    const job = { ...world.claims(entry), ...claims };
    return new AwsJob(await Wire.to(world.emulator.url), {
      PATH: process.env.PATH ?? '',
      GITHUB_ACTIONS: 'true',
      GITHUB_REF: job.ref,
      ODMD_ENVER: entry.id,
      ODMD_DISPATCH: 'd1',
      ODMD_ACCOUNT: entry.account.id,
      ODMD_CENTRAL_ACCOUNT: CENTRAL.account,
      ODMD_CENTRAL_REGION: CENTRAL.region,
      AWS_REGION: entry.region,
      ...(await world.emulator.issuer.tokenRequest(job, options)),
    });
  }

  /** Deploys: runs its three steps, each of which has to succeed. */
  async deploy(): Promise<void> {
    for (const step of ['resolve', 'run', 'publish']) {
      const { code, stderr } = await this.step(step);
      if (code !== 0) throw new Error(`${step} ended with ${code}:\n${stderr}`);
    }
  }

  /** Runs one step to its end. */
  async step(...args: string[]): Promise<StepResult> {
    return ended(this.spawn(...args));
  }

  spawn(...args: string[]): ChildProcess {
    return spawn(process.execPath, [COMMAND, ...args], {
      cwd: this.folder,
      env: { ...this.variables, AWS_ENDPOINT_URL: this.wire.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.folder, file), content);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** Commits these files of its folder, or nothing at all. @returns the commit */
  commit(...files: string[]): string {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: this.folder, encoding: 'utf8' }).trim();
    if (!existsSync(join(this.folder, '.git'))) git('init', '-q', '-b', 'main');
    if (files.length > 0) git('add', '--', ...files);
    const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
    git(...who, 'commit', '-q', '--allow-empty', '-m', 'x');
    return git('rev-parse', 'HEAD');
  }

  async close(): Promise<void> {
    await this.wire.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function ended(child: ChildProcess): Promise<StepResult> {
  const exit = once(child, 'exit');
  const read = (stream: ChildProcess['stdout']) => (stream ? text(stream) : '');
  const [stdout, stderr] = await Promise.all([read(child.stdout), read(child.stderr)]);
  const [code] = (await exit) as [number | null];
  return { code, stdout, stderr };
}
