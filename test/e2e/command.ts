import { spawn } from 'node:child_process';

export interface Ended {
  readonly code: number | null;
  /** What it wrote to both of its streams. */
  readonly log: string;
}

/** Runs a program to its end, in an environment of its own: nothing of this process but where programs are. */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env = {}, input }: { cwd: string; env?: Readonly<Record<string, string>>; input?: Buffer | string },
): Promise<Ended & { readonly out: Buffer }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { PATH: process.env.PATH ?? '', ...env } });
    const out: Buffer[] = [];
    const log: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => {
      out.push(chunk);
      log.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => log.push(chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code, out: Buffer.concat(out), log: Buffer.concat(log).toString() }),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}
