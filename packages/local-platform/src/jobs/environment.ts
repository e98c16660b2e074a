import { join } from 'node:path';
import type { RunRequest } from '@ondemandenv/control-plane';
import { toolPath } from '../tool-path.js';

/** What a job needs to know besides its request. */
export interface JobContext {
  /** Bearer token with which its steps speak to the platform. */
  readonly token: string;
  readonly platformUrl: string;
  /** Folder of the repository in which the steps run; `.` is all of it. */
  readonly workDir: string;
}

/** The whole environment of a job's steps: nothing of the platform's own, or of its user's, gets in. */
export function jobEnvironment(options: {
  home: string;
  folder: string;
  searchPath: string;
  request: RunRequest;
  context: JobContext;
}): Record<string, string> {
  const { home, folder, searchPath, request, context } = options;
  return {
    PATH: toolPath(home, searchPath),
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'tmp'),
    LANG: 'C.UTF-8',
    CI: 'true',
    ODMD_ENVER: request.enverId,
    ODMD_DISPATCH: request.dispatchId,
    ODMD_PLATFORM_URL: context.platformUrl,
    ODMD_JOB_TOKEN: context.token,
    ODMD_OUTPUT: join(folder, 'output'),
  };
}
