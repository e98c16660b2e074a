import { execFile } from 'node:child_process';
import { OdmdError } from '@ondemandenv/contracts-base';

/** Where system tools (git, sh) usually are, on Linux and macOS. */
export const DEFAULT_SEARCH_PATH = '/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin';

export interface GitOutput {
  readonly code: number;
  readonly stdout: string;
}

export interface GitOptions {
  /** `PATH` in which git is found. */
  readonly searchPath: string;
  /**
   * Exit codes that are an answer, not an error.
   * @default [0]
   */
  readonly accept?: readonly number[];
  /** Folder of the files, for commands that need one. */
  readonly workTree?: string;
}

/** Neither the machine's, nor the user's, nor a pusher's settings change what the platform's own git does. */
const SETTINGS = ['-c', 'safe.directory=*', '-c', 'core.hooksPath=/dev/null', '--literal-pathspecs'];
const ENVIRONMENT = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_NO_REPLACE_OBJECTS: '1',
};
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/**
 * Runs git on one repository; output is read as UTF-8.
 *
 * @throws OdmdError ODMD620 with git's own words when the exit code is none of `accept`
 */
export function runGit(folder: string, args: readonly string[], options: GitOptions): Promise<GitOutput> {
  const env = { ...ENVIRONMENT, PATH: options.searchPath };
  const { accept = [0], workTree } = options;
  const where = [`--git-dir=${folder}`, ...(workTree === undefined ? [] : [`--work-tree=${workTree}`])];
  return new Promise((resolve, reject) => {
    execFile(
      'git',
      [...SETTINGS, ...where, ...args],
      { cwd: '/', env, maxBuffer: MAX_OUTPUT_BYTES },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        if (typeof code === 'number' && accept.includes(code)) resolve({ code, stdout });
        else reject(gitFailed(folder, args, stderr.trim() || (error?.message ?? `exit code ${code}`), error));
      },
    );
  });
}

function gitFailed(folder: string, args: readonly string[], words: string, cause: unknown): OdmdError {
  return new OdmdError('ODMD620', `git ${args[0]} failed: ${words}`, { where: folder, cause });
}
