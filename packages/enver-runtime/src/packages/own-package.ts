import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OdmdError } from '@ondemandenv/contracts-base';
import { z } from 'zod';

const packageSchema = z.looseObject({
  name: z.string().min(1),
  version: z.string().min(1),
  /** npm's own word for a package that is never published. */
  private: z.boolean().optional(),
  publishConfig: z.record(z.string(), z.unknown()).optional(),
});

/** What the package.json of a build says. */
export type OwnPackage = z.output<typeof packageSchema>;

/** @throws OdmdError ODMD590 there is none, or it has no name and version */
export async function readOwnPackage(folder: string): Promise<OwnPackage> {
  try {
    return packageSchema.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  } catch (cause) {
    throw new OdmdError('ODMD590', 'there is no package.json with a name and a version', {
      where: folder,
      fix: 'write one in the working directory of the build, with a "version" such as "1.0.0"',
      cause,
    });
  }
}
