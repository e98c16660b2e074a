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
import { readOwnPackage } from '../packages/own-package.js';
import { releasePackage } from '../packages/release.js';
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
 * Publishes what the job put out. Nothing is written before everything was checked; then come the files of artifacts,
 * the changed values, the events and last the deployed state, so that it can be killed anywhere and run again: what was
 * written is then unchanged, and whoever finds the state of this dispatch knows that all of it was done. Then nothing
 * is written or announced any more.
 *
 * @throws ProblemsError ODMD535 with every problem
 * @throws OdmdError ODMD590 to ODMD592 the package of the contracts cannot be published
 * @throws TryLater ODMD510 superseded
 */
export async function publish(context: JobContext): Promise<Published> {
  const { job, platform } = context;
  const entry = await ownEntry(context);
  const outputs = parseOutputs(await readOutputs(job.outputFile));
  const states = [dispatchStatePath(job.enver), deployedStatePath(job.enver)];
  const names = [...states, ...entry.products.map(({ path }) => path)];
  const stored = await platform.read(names.map((path) => ({ path })));
  const state = currentDispatch(job, stored);
  const checked = await check(context, entry, state, outputs);
  // The product names the package and the manifest, and is written after both: with it, they are there.
  const known = checked.products.every(({ path, value }) => isStored(path, value, stored));
  if (checked.manifest !== undefined && !known) {
    await releaseContracts(context);
    await platform.uploadManifest(state.vector.source.sha, checked.manifest);
  }
  const uploaded = await uploadArtifacts(context, entry, checked.products);
  const products = await writeChanged(context, uploaded, stored);
  const deployed: DeployedState = { dispatchId: state.id, vector: state.vector };
  const done = isStored(deployedStatePath(entry.id), canonicalJson(deployed), stored);
  if (done && !products.some(({ changed }) => changed))
    return { enver: entry.id, dispatch: state.id, products };
  await platform.announce(eventsOf(entry, deployed, products));
  if (!done) await platform.write(deployedStatePath(entry.id), canonicalJson(deployed));
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
  { cwd, platform }: JobContext,
  entry: EnverEntry,
  state: DispatchState,
  outputs: ParsedOutputs,
): Promise<{ products: CheckedProduct[]; manifest?: string }> {
  const isLib = entry.kind === 'contractsLib';
  const publication = isLib ? await readPublication(cwd, state.vector.source.sha) : undefined;
  const withFiles = platform.uploadArtifact !== undefined;
  const { products, problems } = checkProducts(
    entry,
    publication ? withLatest(outputs, publication.latest) : outputs,
    withFiles ? cwd : undefined,
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
    const old = isStored(path, value, stored);
    const { version } = old ?? (await platform.write(path, value));
    published.push({ name, path, version, changed: old === undefined });
  }
  return published;
}

/** What service repos install. Contracts that are private as a package are there for the platform only. */
async function releaseContracts({ platform, cwd, env, signals, say }: JobContext): Promise<void> {
  if (!platform.publishesPackages) return;
  const { name, version, private: isPrivate } = await readOwnPackage(cwd);
  if (isPrivate) return say(`${name}@${version} is private: it is not published as a package`);
  await releasePackage({ cwd, env, signals, say, anywhere: true, aside: false });
}

/** The stored value when it is this one already. */
function isStored(path: string, value: string, stored: readonly StoredValue[]): StoredValue | undefined {
  const old = stored.find((one) => one.path === path);
  return old !== undefined && canonicalText(old.value) === value ? old : undefined;
}

/** Files become what says where they are kept. */
async function uploadArtifacts(
  { platform }: JobContext,
  entry: EnverEntry,
  products: readonly CheckedProduct[],
): Promise<CheckedProduct[]> {
  const uploaded: CheckedProduct[] = [];
  for (const product of products) {
    const { name, file } = product;
    const place = file === undefined ? undefined : await platform.uploadArtifact?.(entry, name, file);
    uploaded.push(place === undefined ? product : { ...product, value: canonicalJson(place) });
  }
  return uploaded;
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
