import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OdmdError, repoName } from '@ondemandenv/contracts-base';
import type { Installation, KeyValue } from '@ondemandenv/control-plane';
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

const INSTALLATION = 'local/installation';

/**
 * A home belongs to the contractsLib it was first started for.
 *
 * @throws OdmdError ODMD607 for another one
 */
export function keepInstallation(kv: KeyValue, { home, contracts }: LocalPlatformOptions): void {
  const wanted = `${contracts.build} of ${repoName(contracts.repo)}, branch ${contracts.branch}`;
  const known = kv.get<string>(INSTALLATION);
  if (known === undefined) kv.set(INSTALLATION, wanted);
  else if (known !== wanted)
    throw new OdmdError('ODMD607', `this folder belongs to the contracts ${known}, not to ${wanted}`, {
      where: home,
      fix: 'start it with the settings it was made with, or name another folder with --home',
    });
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
