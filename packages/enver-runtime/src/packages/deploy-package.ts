import { type EnverEntry, OdmdError } from '@ondemandenv/contracts-base';
import type { ChildOptions } from '../child-process.js';
import type { JobContext } from '../context.js';
import { putOut } from '../put-out.js';
import { plainStep, runSteps } from '../steps.js';
import { readOwnPackage } from './own-package.js';
import { releasePackage } from './release.js';

/** The product of an enver that publishes a package. */
const PRODUCT = 'package';

/**
 * Builds and publishes the package of an enver, and puts out what was published.
 *
 * @throws OdmdError ODMD590 to ODMD592, as `releasePackage`; ODMD590 too when it has another name than in the contract
 * @throws CommandFailed ODMD520 a script of the package, or npm, failed
 */
export async function deployPackage(
  { job, platform, say }: JobContext,
  entry: EnverEntry,
  options: ChildOptions,
): Promise<void> {
  const { name } = await readOwnPackage(options.cwd);
  if (name !== entry.package?.name)
    throw new OdmdError('ODMD590', `the package is called ${name}`, {
      where: entry.id,
      fix: `its contract says ${entry.package?.name}: change one of them`,
    });
  const { NODE_AUTH_TOKEN: _, ...env } = options.env;
  await runSteps([plainStep('npm', 'run', 'build', '--if-present')], { ...options, env }, say, true);
  const aside = entry.cloneOf !== undefined;
  const released = await releasePackage({ ...options, say, anywhere: platform.publishesPackages, aside });
  await putOut(job.outputFile, new Map([[PRODUCT, JSON.stringify(released)]]));
}
