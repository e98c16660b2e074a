import { dispatchStatePath, type EnverEntry } from '@ondemandenv/contracts-base';
import { type JobContext, ownEntry } from '../context.js';
import { currentDispatch } from '../dispatch.js';
import { type Problem, ProblemsError, TryLater } from '../errors.js';
import { type FoundInputs, findInputs, productLabel, type ResolvedInput } from '../inputs.js';
import { writeInputsFile } from '../inputs-file.js';
import { violations } from '../json-schema.js';

export interface Resolved {
  readonly enver: string;
  readonly dispatch: string;
  /** The commit that is deployed. */
  readonly sha: string;
  readonly inputs: readonly ResolvedInput[];
}

/**
 * Reads exactly the dispatched versions of what the enver consumes and writes them to `odmd.inputs.json`.
 *
 * @throws TryLater ODMD510 superseded · ODMD511 waiting for a product · ODMD512 a version is no longer there
 * @throws ProblemsError ODMD515 values that are not of the type in the contracts
 */
export async function resolve(context: JobContext): Promise<Resolved> {
  const { job, platform, cwd } = context;
  const entry = await ownEntry(context);
  const state = currentDispatch(job, await platform.read([{ path: dispatchStatePath(job.enver) }]));
  const inputs = await findInputs(platform, entry, state.vector);
  checkPresent(entry, inputs);
  checkTypes(entry, inputs.found);
  await writeInputsFile(cwd, job, entry, inputs.found);
  return { enver: entry.id, dispatch: state.id, sha: state.vector.source.sha, inputs: inputs.found };
}

/** For a person: versions, never values. */
export function formatResolved({ enver, sha, inputs }: Resolved): string {
  const lines = inputs.map(({ id, use, version }) => {
    const which = version === 'placeholder' ? 'placeholder' : `version ${version}`;
    return `  ${id}  ${productLabel(use.path)}  ${which}`;
  });
  return [`resolved ${enver} at ${sha}, inputs: ${inputs.length || 'none'}`, ...lines].join('\n');
}

function checkPresent(entry: EnverEntry, { waiting, gone }: FoundInputs): void {
  if (waiting.length > 0) {
    const products = [...new Set(waiting.map(({ path }) => productLabel(path)))].join(', ');
    throw new TryLater('ODMD511', `waiting for ${products}`, { where: entry.id });
  }
  if (gone.length > 0) {
    const versions = gone.map(({ use, version }) => `${version} of ${productLabel(use.path)}`).join(', ');
    throw new TryLater('ODMD512', `${versions} was replaced since this deployment was started`, {
      where: entry.id,
    });
  }
}

function checkTypes(entry: EnverEntry, inputs: readonly ResolvedInput[]): void {
  const problems = inputs.flatMap(({ id, use, value }): Problem[] => {
    const broken = violations(use.schema, value);
    if (broken.length === 0) return [];
    return [
      {
        code: 'ODMD515',
        where: `input ${id}`,
        message: `${productLabel(use.path)} is not of its type in the contracts: ${broken.join('; ')}`,
        fix: `deploy ${use.from}: it published this value before the type changed`,
      },
    ];
  });
  if (problems.length > 0)
    throw new ProblemsError('ODMD515', 'some inputs are not of their types:', entry.id, problems);
}
