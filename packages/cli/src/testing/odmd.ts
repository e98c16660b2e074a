import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { run } from '../program.js';
import { recordingTerminal } from './recording-terminal.js';

/** The built `odmd`. */
export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `odmd` in this process, for what does not depend on one of its own. */
export async function odmdHere(args: readonly string[], options: { cwd?: string } = {}): Promise<Ended> {
  const terminal = recordingTerminal(options);
  const code = await run(args, terminal);
  return { code, out: terminal.text(), err: terminal.errors() };
}

/** Runs the built `odmd` as a process of its own. */
export function odmd(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const { ODMD_HOME: _, ODMD_PLATFORM_URL: __, ODMD_JOB_TOKEN: ___, ...inherited } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: options.cwd,
      env: { ...inherited, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}
