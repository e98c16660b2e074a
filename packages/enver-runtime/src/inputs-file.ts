import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  canonicalJsonPretty,
  type EnverEntry,
  enverEntrySchema,
  OdmdError,
} from '@ondemandenv/contracts-base';
import { z } from 'zod';
import type { Dispatched } from './dispatch.js';
import type { Json } from './inputs.js';

/** The file in a job's working directory that carries the resolved inputs. */
export const INPUTS_FILE = 'odmd.inputs.json';

export const inputsFileSchema = z.strictObject({
  /** Enver id. */
  enver: z.string(),
  /** The dispatch for which these are the inputs. */
  dispatch: z.string(),
  /** Values by consumer id. */
  inputs: z.record(z.string(), z.json()),
  /** The enver's entry in the contracts that the platform applies, by which its deployment goes. */
  entry: enverEntrySchema,
});
export type InputsFile = z.infer<typeof inputsFileSchema>;

/** Writes the file whole or not at all, readable by its owner only; returns its absolute path. */
export async function writeInputsFile(
  folder: string,
  job: Dispatched,
  entry: EnverEntry,
  inputs: readonly { readonly id: string; readonly value: Json }[],
): Promise<string> {
  const file = join(folder, INPUTS_FILE);
  const content: InputsFile = {
    enver: job.enver,
    dispatch: job.dispatch,
    inputs: Object.fromEntries(inputs.map(({ id, value }) => [id, value])),
    entry,
  };
  await writeFile(`${file}.part`, canonicalJsonPretty(content), { mode: 0o600 });
  await rename(`${file}.part`, file);
  return file;
}

/**
 * Reads the inputs that `resolve` wrote for this job.
 *
 * @throws OdmdError ODMD514 missing, damaged, or made for another job
 */
export async function readInputsFile(folder: string, job: Dispatched): Promise<InputsFile['inputs']> {
  const content = inputsFileSchema.safeParse(await readJson(folder));
  if (!content.success) throw unusable('there is no usable file of inputs');
  const { enver, dispatch, inputs } = content.data;
  if (enver !== job.enver || dispatch !== job.dispatch)
    throw unusable(`the inputs are those of ${enver}, dispatch ${dispatch}`);
  return inputs;
}

/**
 * The dispatch whose inputs `resolve` wrote here.
 *
 * @throws OdmdError ODMD514 missing, damaged, or of another enver
 */
export async function dispatchOfInputs(folder: string, enver: string): Promise<string> {
  const content = inputsFileSchema.safeParse(await readJson(folder));
  if (!content.success) throw unusable('there is no usable file of inputs');
  if (content.data.enver !== enver) throw unusable(`the inputs are those of ${content.data.enver}`);
  return content.data.dispatch;
}

/**
 * Keeps the inputs out of what an action packs or builds from the whole folder: they are for the job alone, and change
 * with every dispatch. They are back afterwards, whether it succeeds or not.
 */
export async function withoutInputsFile<T>(folder: string, action: () => Promise<T>): Promise<T> {
  const file = join(folder, INPUTS_FILE);
  const content = await readFile(file).catch(() => undefined);
  if (content === undefined) return action();
  await rm(file);
  try {
    return await action();
  } finally {
    await writeFile(file, content, { mode: 0o600 });
  }
}

async function readJson(folder: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, INPUTS_FILE), 'utf8'));
  } catch {
    return undefined;
  }
}

function unusable(message: string): OdmdError {
  return new OdmdError('ODMD514', message, {
    where: INPUTS_FILE,
    fix: 'run `odmd-enver resolve` first, in the same directory',
  });
}
