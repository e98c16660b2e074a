import { canonicalJson, type EnverEntry, inputVariable, OdmdError } from '@ondemandenv/contracts-base';
import type { Json } from './inputs.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** With these a job proves to AWS what it is; that is done here, and nobody else's business. */
const PROOF = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'];

/**
 * What the commands of a job see: all that this process sees but what the job proves itself with, and the inputs.
 * Values travel here and in the file only, never in a command line.
 *
 * @param inputsFile absolute path of the file of inputs
 * @throws OdmdError ODMD522 for a value that no environment variable can carry
 */
export function childEnvironment(
  inherited: Variables,
  entry: EnverEntry,
  inputs: Readonly<Record<string, Json>>,
  inputsFile: string,
): Record<string, string | undefined> {
  const others = Object.entries(withoutProof(inherited)).filter(([name]) => !name.startsWith('ODMD_INPUT_'));
  return {
    ...Object.fromEntries(others),
    ODMD_ENVER: entry.id,
    ODMD_BUILD: entry.build,
    ODMD_REVISION: entry.revision.ref,
    ODMD_INPUTS: inputsFile,
    ...Object.fromEntries(Object.entries(inputs).map(([id, value]) => [inputVariable(id), text(id, value)])),
  };
}

/** Without what the job proves itself with. */
export function withoutProof(variables: Variables): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !PROOF.includes(name)));
}

/** A string as it is; anything else as canonical JSON. */
function text(id: string, value: Json): string {
  const result = typeof value === 'string' ? value : canonicalJson(value);
  if (!result.includes('\0')) return result;
  throw new OdmdError('ODMD522', 'the value has a NUL character, which no environment variable can carry', {
    where: `input ${id}`,
    fix: 'publish it in another form, for example as base64',
  });
}
