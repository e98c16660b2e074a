import {
  type ConsumptionEntry,
  canonicalJson,
  type EnverEntry,
  type InputVector,
  inputVersion,
  OdmdError,
  parseInputVersion,
} from '@ondemandenv/contracts-base';
import type { EnverPlatform, StoredValue, ValueName } from './platform.js';

export type Json = NonNullable<ConsumptionEntry['placeholder']> | null;

/** A consumed value at exactly the version that was dispatched. */
export interface ResolvedInput {
  /** Name of the value in the consuming enver. */
  readonly id: string;
  readonly use: ConsumptionEntry;
  readonly version: number | 'placeholder';
  readonly value: Json;
}

export interface FoundInputs {
  readonly found: readonly ResolvedInput[];
  /** There is neither a value nor a placeholder yet. */
  readonly waiting: readonly ConsumptionEntry[];
  /** The dispatched version is no longer in the store, or another value has taken its number. */
  readonly gone: readonly { readonly use: ConsumptionEntry; readonly version: string }[];
}

/** Looks up what an enver consumes, at exactly the versions of a vector. */
export async function findInputs(
  platform: EnverPlatform,
  entry: EnverEntry,
  vector: InputVector,
): Promise<FoundInputs> {
  const stored = await platform.read(entry.consumes.flatMap((use) => nameOf(use, vector)));
  const results = entry.consumes.map((use) => ({ use, ...lookUp(use, entry, vector, stored) }));
  return {
    found: results.flatMap(({ input }) => input ?? []),
    waiting: results.flatMap(({ use, waits }) => (waits ? use : [])),
    gone: results.flatMap(({ use, gone }) => (gone === undefined ? [] : { use, version: gone })),
  };
}

/** `/odmd-share/foundation/b..main/bus` as a person says it: `foundation/b..main/bus`. */
export function productLabel(path: string): string {
  return path.replace(/^\/odmd-share\//, '');
}

function nameOf(use: ConsumptionEntry, vector: InputVector): ValueName[] {
  const dispatched = vector.inputs[use.path];
  if (dispatched === undefined) return [];
  const { version } = parseInputVersion(dispatched);
  return version === 'placeholder' ? [] : [{ path: use.path, version: counted(version, use) }];
}

interface LookUp {
  readonly input?: ResolvedInput;
  readonly waits?: true;
  readonly gone?: string;
}

function lookUp(
  use: ConsumptionEntry,
  entry: EnverEntry,
  vector: InputVector,
  stored: readonly StoredValue[],
): LookUp {
  const dispatched = vector.inputs[use.path];
  const version = dispatched === undefined ? 'placeholder' : parseInputVersion(dispatched).version;
  if (version === 'placeholder') return placeholder(use, entry, dispatched);
  const match = stored.find((one) => one.path === use.path && one.version === version);
  if (match === undefined || inputVersion(version, match.value) !== dispatched)
    return { gone: `version ${version}` };
  return { input: { id: use.id, use, version, value: parseValue(match) } };
}

function placeholder(use: ConsumptionEntry, entry: EnverEntry, dispatched: string | undefined): LookUp {
  if (use.placeholder === undefined) return { waits: true };
  // Two consumers of one product may have different placeholders; the vector has one version for both.
  const known = entry.consumes.some(
    (other) =>
      other.path === use.path &&
      other.placeholder !== undefined &&
      inputVersion('placeholder', canonicalJson(other.placeholder)) === dispatched,
  );
  if (dispatched !== undefined && !known) return { gone: 'the placeholder' };
  return { input: { id: use.id, use, version: 'placeholder', value: use.placeholder } };
}

function counted(version: number, use: ConsumptionEntry): number {
  if (Number.isInteger(version) && version > 0) return version;
  throw new OdmdError('ODMD504', 'the dispatch names a version that is not a number', {
    where: use.path,
    fix: 'use releases of the platform and of odmd-enver that belong together',
  });
}

function parseValue({ path, version, value }: StoredValue): Json {
  try {
    return JSON.parse(value);
  } catch {
    // No cause: a parse error repeats the value.
    throw new OdmdError('ODMD513', `version ${version} is not JSON`, {
      where: path,
      fix: 'deploy the enver that produces it: `publish` writes it anew',
    });
  }
}
