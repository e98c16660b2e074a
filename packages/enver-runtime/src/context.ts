import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type EnverEntry, fullRef, OdmdError } from '@ondemandenv/contracts-base';
import type { ChildOptions, SignalSource } from './child-process.js';
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

/**
 * The applied contract entry of the job's enver.
 *
 * @throws OdmdError ODMD506 when the token belongs to another · ODMD507 when the job runs for another ref
 */
export async function ownEntry(
  { job, platform }: JobContext,
  { ofAnyRef = false } = {},
): Promise<EnverEntry> {
  const entry = await platform.entry();
  if (entry.id !== job.enver)
    throw new OdmdError('ODMD506', `the job's token belongs to ${entry.id}`, {
      where: job.enver,
      fix: 'set ODMD_ENVER and ODMD_JOB_TOKEN as the platform gave them',
    });
  const own = fullRef(entry.revision);
  if (ofAnyRef || job.ref === undefined || job.ref === own) return entry;
  throw new OdmdError('ODMD507', `the job runs for ${job.ref}, the enver is of ${own}`, {
    where: job.enver,
    fix: 'start the workflow on the ref of the enver, or let the platform start it: `odmd deploy`',
  });
}

/**
 * The same in the folder of the enver's build, where the job was started in the whole checkout.
 *
 * @throws OdmdError ODMD508 when the commit has no such folder
 */
export async function inWorkDir(context: JobContext): Promise<JobContext> {
  const { checkout } = context.job;
  if (checkout === undefined) return context;
  const { workDir } = await context.platform.entry();
  const cwd = join(checkout, workDir);
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) return { ...context, cwd };
  throw new OdmdError('ODMD508', "the commit has no such folder, which is the build's in the contracts", {
    where: workDir,
    fix: 'add the folder, or correct `workDir` of the build in the contracts',
  });
}

/** How the commands of a deployment are started: with the credentials of the enver's build role, where it has one. */
export async function withCredentials(
  { platform }: JobContext,
  { entry, options }: { readonly entry: EnverEntry; readonly options: ChildOptions },
): Promise<ChildOptions> {
  return { ...options, env: { ...options.env, ...(await platform.credentials(entry)) } };
}
