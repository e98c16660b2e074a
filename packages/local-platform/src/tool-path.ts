import { delimiter, dirname, join } from 'node:path';

/**
 * `PATH` of jobs and services: the toolchain's programs, this very Node, and what the platform was told.
 *
 * @param home the platform's folder
 */
export function toolPath(home: string, searchPath: string): string {
  return [join(home, 'node_modules', '.bin'), dirname(process.execPath), searchPath].join(delimiter);
}
