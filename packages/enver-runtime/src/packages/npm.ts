import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Keeps npm from asking the registry for anything of its own accord. */
export const quietNpm = {
  npm_config_update_notifier: 'false',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
} as const;

/** How npm is started for one package. */
export interface NpmOptions {
  /** Absolute path of the package's folder. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What npm printed, whether it succeeded or not. */
export interface NpmAnswer {
  readonly ok: boolean;
  readonly stdout: string;
  /** For a person: what went wrong, in npm's words. */
  readonly stderr: string;
}

/** Asks npm something; it prints nothing for a person. */
export async function askNpm({ cwd, env }: NpmOptions, ...args: string[]): Promise<NpmAnswer> {
  try {
    const { stdout, stderr } = await run('npm', args, { cwd, env: { ...env }, maxBuffer: MAX_OUTPUT_BYTES });
    return { ok: true, stdout: stdout.trim(), stderr };
  } catch (error) {
    const said = z.object({ stdout: z.string(), stderr: z.string() }).safeParse(error).data;
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, stdout: said?.stdout.trim() ?? '', stderr: said?.stderr || reason };
  }
}
