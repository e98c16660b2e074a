import { type EnverEntry, OdmdError } from '@ondemandenv/contracts-base';
import type { SignalSource } from './child-process.js';
import type { JobEnvironment } from './environment.js';
import type { EnverPlatform } from './platform.js';

/** All that a command of `odmd-enver` works with. */
export interface JobContext {
  readonly job: JobEnvironment;
  readonly platform: EnverPlatform;
  /** Absolute path of the build's working directory. */
  readonly cwd: string;
  /** What the commands of the job inherit. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signals: SignalSource;
  /** Takes a line of progress for a person. */
  readonly say: (line: string) => void;
}

/** The applied contract entry of the job's enver. @throws OdmdError ODMD506 when the token belongs to another. */
export async function ownEntry({ job, platform }: JobContext): Promise<EnverEntry> {
  const entry = await platform.entry();
  if (entry.id === job.enver) return entry;
  throw new OdmdError('ODMD506', `the job's token belongs to ${entry.id}`, {
    where: job.enver,
    fix: 'set ODMD_ENVER and ODMD_JOB_TOKEN as the platform gave them',
  });
}
