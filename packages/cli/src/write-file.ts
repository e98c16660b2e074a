import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { OdmdError } from '@ondemandenv/contracts-base';

/** Writes a file, and its folder if need be. @throws OdmdError ODMD706 */
export function writeFile(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (cause) {
    throw new OdmdError(
      'ODMD706',
      `this file cannot be written: ${cause instanceof Error ? cause.message : cause}`,
      {
        where: path,
        fix: 'name a file in a folder that you may write to',
        cause,
      },
    );
  }
}
