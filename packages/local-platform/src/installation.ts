import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Installation } from '@ondemandenv/control-plane';
import type { LocalPlatformOptions } from './options.js';
import { toolPath } from './tool-path.js';

/** What the control plane is told of its installation. */
export function installationOf({ contracts }: LocalPlatformOptions): Installation {
  return {
    build: contracts.build,
    repo: contracts.repo,
    revision: { kind: 'branch', ref: contracts.branch },
    // Nothing is deployed into an account here.
    account: { name: 'local', id: '000000000000' },
    region: 'local',
  };
}

/** What every service has in its environment; nothing of the platform's own, or of its user's, gets in. */
export function serviceEnv(home: string, searchPath: string): Record<string, string> {
  return {
    PATH: toolPath(home, searchPath),
    HOME: join(home, 'service-home'),
    TMPDIR: tmpdir(),
    LANG: 'C.UTF-8',
  };
}
