import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnverEntry } from '@ondemandenv/contracts-base';
import { INPUTS_FILE, type InputsFile, inputsFileSchema } from '../inputs-file.js';
import { parseJson } from '../parse-json.js';
import { AppError } from './app-error.js';
import type { Surroundings } from './surroundings.js';

/**
 * What `odmd-enver resolve` wrote for this job, or `undefined` when this is no job: then the CDK app is synthesised
 * offline.
 *
 * @param build the build that the app belongs to
 * @throws OdmdError ODMD514 a job without its inputs, or with those of another enver
 */
export function readResolved(build: string, { env, cwd }: Surroundings): InputsFile | undefined {
  const file = env.ODMD_INPUTS || join(cwd, INPUTS_FILE);
  const text = readText(file);
  const isJob = [env.ODMD_INPUTS, env.ODMD_DISPATCH].some(
    (variable) => variable !== undefined && variable !== '',
  );
  if (text === undefined && !isJob) return undefined;
  const content = inputsFileSchema.safeParse(parseJson(text ?? ''));
  if (!content.success) throw unusable(file, 'there is no usable file of inputs');
  const { enver, entry } = content.data;
  checkBelongs(file, build, entry, enver, env.ODMD_ENVER);
  return content.data;
}

function checkBelongs(
  file: string,
  build: string,
  entry: EnverEntry,
  enver: string,
  expected?: string,
): void {
  if (entry.build !== build)
    throw unusable(file, `the inputs are those of ${enver}, the app is of the build ${build}`);
  if (expected && enver !== expected)
    throw unusable(file, `the inputs are those of ${enver}, not of ${expected}`);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function unusable(file: string, message: string): AppError {
  return new AppError('ODMD514', message, {
    where: file,
    fix: 'run `odmd-enver resolve` first, in the same directory; to synthesise offline, delete the file',
  });
}
