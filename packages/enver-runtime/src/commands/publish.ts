import { readFile } from 'node:fs/promises';
import {
  canonicalJson,
  type DeployedState,
  type DispatchState,
  deployedStatePath,
  dispatchStatePath,
  type EnverEntry,
  OdmdError,
} from '@ondemandenv/contracts-base';
import { type JobContext, ownEntry } from '../context.js';
import { readPublication, withLatest } from '../contracts-lib.js';
import { currentDispatch } from '../dispatch.js';
import { ProblemsError } from '../errors.js';
import { type ParsedOutputs, parseOutputs } from '../outputs-file.js';
import type { JobEvent, StoredValue } from '../platform.js';
import { type CheckedProduct, checkProducts } from '../products.js';

export interface PublishedProduct {
  readonly name: string;
  readonly path: string;
  readonly version: number;
  readonly changed: boolean;
}

export interface Published {
  readonly enver: string;
  readonly dispatch: string;
  readonly products: readonly PublishedProduct[];
}

/**
 * Publishes what the job put out. Nothing is written before everything was checked; then the changed values, the
 * deployed state and the events, in this order, so that it can be killed anywhere and run again: what was
 * written is then unchanged.
 *
 * @throws ProblemsError ODMD535 with every problem
 * @throws TryLater ODMD510 superseded
 */
export async function publish(context: JobContext): Promise<Published> {
  const { job, platform } = context;
  const entry = await ownEntry(context);
  const outputs = parseOutputs(await readOutputs(job.outputFile));
  const names = [dispatchStatePath(job.enver), ...entry.products.map(({ path }) => path)];
  const stored = await platform.read(names.map((path) => ({ path })));
  const state = currentDispatch(job, stored);
  const checked = await check(context, entry, state, outputs);
  if (checked.manifest !== undefined)
    await platform.uploadManifest(state.vector.source.sha, checked.manifest);
  const products = await writeChanged(context, checked.products, stored);
  const deployed: DeployedState = { dispatchId: state.id, vector: state.vector };
  await platform.write(deployedStatePath(entry.id), canonicalJson(deployed));
  await platform.announce(eventsOf(entry, deployed, products));
  return { enver: entry.id, dispatch: state.id, products };
}

/** For a person: names and versions, never values. */
export function formatPublished({ enver, products }: Published): string {
  const lines = products.map(
    ({ name, version, changed }) => `  ${name}  version ${version}${changed ? '' : ' (unchanged)'}`,
  );
  return [`published ${enver}, products: ${products.length || 'none'}`, ...lines].join('\n');
}

async function check(
  { cwd }: JobContext,
  entry: EnverEntry,
  state: DispatchState,
  outputs: ParsedOutputs,
): Promise<{ products: CheckedProduct[]; manifest?: string }> {
  const isLib = entry.kind === 'contractsLib';
  const publication = isLib ? await readPublication(cwd, state.vector.source.sha) : undefined;
  const { products, problems } = checkProducts(
    entry,
    publication ? withLatest(outputs, publication.latest) : outputs,
  );
  if (problems.length > 0) throw new ProblemsError('ODMD535', 'nothing was published:', entry.id, problems);
  return { products, ...(publication && { manifest: publication.manifest }) };
}

async function writeChanged(
  { platform }: JobContext,
  products: readonly CheckedProduct[],
  stored: readonly StoredValue[],
): Promise<PublishedProduct[]> {
  const published: PublishedProduct[] = [];
  for (const { name, path, value } of products) {
    const old = stored.find((one) => one.path === path);
    const changed = old === undefined || canonicalText(old.value) !== value;
    const { version } = changed ? await platform.write(path, value) : old;
    published.push({ name, path, version, changed });
  }
  return published;
}

function eventsOf(
  { id }: EnverEntry,
  { dispatchId, vector }: DeployedState,
  products: readonly PublishedProduct[],
): JobEvent[] {
  const paths = products.filter(({ changed }) => changed).map(({ path }) => path);
  const published: JobEvent[] =
    paths.length === 0 ? [] : [{ type: 'ProductsPublished', detail: { enver: id, paths } }];
  return [...published, { type: 'EnverDeployed', detail: { enver: id, dispatchId, vector } }];
}

/** What another writer stored may be JSON in another form; what is no JSON equals nothing. */
function canonicalText(value: string): string | undefined {
  try {
    return canonicalJson(JSON.parse(value));
  } catch {
    return undefined;
  }
}

/** A job that put nothing out has no file. */
async function readOutputs(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '';
    const reason = cause instanceof TypeError ? 'it is not UTF-8 text' : String(cause);
    throw new OdmdError('ODMD530', `the outputs cannot be read: ${reason}`, {
      where: file,
      fix: 'append lines of UTF-8 text to the file $ODMD_OUTPUT',
      cause,
    });
  }
}
