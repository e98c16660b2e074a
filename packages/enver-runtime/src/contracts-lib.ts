import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CONTRACTS_LIB_LATEST,
  type ContractsLibLatest,
  contractsLibLatestSchema,
  OdmdError,
  readManifest,
  sha256,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';
import { checkCommit, countCommits } from './commit.js';
import type { Output, ParsedOutputs } from './outputs-file.js';
import { plainStep, type Step } from './steps.js';

const OUT = '.odmd';
const MANIFEST = `${OUT}/manifest.json`;

/** What the job of a contractsLib runs: the package's own scripts, then the synthesis. */
export const contractsLibSteps: readonly Step[] = [
  plainStep('npm', 'run', 'build', '--if-present'),
  plainStep('npm', 'test', '--if-present'),
  plainStep('odmd', 'synth', '--app', '.', '--out', OUT),
];

/** A synthesised contractsLib, ready to be published. */
export interface ContractsPublication {
  readonly latest: ContractsLibLatest;
  /** The manifest's bytes. */
  readonly manifest: string;
}

/**
 * Reads what a contractsLib's job made.
 *
 * @param sha the dispatched commit; it has to be the one that is checked out
 * @throws OdmdError ODMD540 no manifest · ODMD541 the package has no version · ODMD542 git · ODMD2xx a bad manifest
 */
export async function readPublication(folder: string, sha: string): Promise<ContractsPublication> {
  const manifest = await readText(folder, MANIFEST, 'ODMD540', 'run `odmd-enver run` first: it writes it');
  readManifest(manifest, MANIFEST);
  return {
    manifest,
    latest: contractsLibLatestSchema.parse({
      sha,
      digest: sha256(manifest),
      version: await packageVersion(folder),
      serial: await serialOf(folder, sha),
    }),
  };
}

/** The outputs of the job, with the product that `publish` itself makes. */
export function withLatest(parsed: ParsedOutputs, latest: ContractsLibLatest): ParsedOutputs {
  const written = parsed.outputs.get(CONTRACTS_LIB_LATEST);
  const problem = written && {
    line: written.line,
    message: `${CONTRACTS_LIB_LATEST} is made by \`publish\` and cannot be put out`,
  };
  const output: Output = { name: CONTRACTS_LIB_LATEST, text: JSON.stringify(latest), line: 0 };
  return {
    outputs: new Map([...parsed.outputs, [CONTRACTS_LIB_LATEST, output]]),
    problems: [...parsed.problems, ...(problem ? [problem] : [])],
  };
}

async function packageVersion(folder: string): Promise<string> {
  const text = await readText(
    folder,
    'package.json',
    'ODMD541',
    'run this in the folder of the contractsLib',
  );
  try {
    return z.object({ version: z.string().min(1) }).parse(JSON.parse(text)).version;
  } catch (cause) {
    throw new OdmdError('ODMD541', 'it names no version', {
      where: 'package.json',
      fix: 'give the package a "version", such as "1.0.0"',
      cause,
    });
  }
}

/** First-parent commit count: a later publication has a higher one. */
async function serialOf(folder: string, sha: string): Promise<number> {
  await checkCommit(folder, sha);
  return countCommits(folder);
}

async function readText(folder: string, file: string, code: string, fix: string): Promise<string> {
  try {
    return await readFile(join(folder, file), 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OdmdError(code, `cannot be read: ${reason}`, { where: file, fix, cause });
  }
}
