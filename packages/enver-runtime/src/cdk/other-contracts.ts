import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { canonicalJson, type Enver, type EnverEntry, sha256 } from '@ondemandenv/contracts-base';
import { z } from 'zod';
import { entryInContracts } from './contracts-entry.js';
import type { Surroundings } from './surroundings.js';

/**
 * A line that says how the contract of an enver in the contracts that the app was built with differs from the one that
 * the platform applies; `undefined` when it does not. The applied one counts, so this is no failure.
 *
 * @param declared any enver of the build, of the contracts that the app was built with
 */
export function otherContracts(
  declared: Enver,
  applied: EnverEntry,
  { env, cwd }: Surroundings,
): string | undefined {
  const installed = installedEntry(declared, applied, { env, cwd });
  const from = contractsPackage(cwd) ?? 'the installed contracts';
  if (installed === undefined)
    return `${WARNING} ${applied.id}, which the platform applies, is not in ${from}`;
  const fields = different(installed, applied);
  if (fields.length === 0) return undefined;
  const versions = `${versionOf(installed)} in ${from}, ${versionOf(applied)} as the platform applies it`;
  return `${WARNING} the contract of ${applied.id} is ${versions}; they differ in ${fields.join(', ')}`;
}

const WARNING = 'odmd: warning:';

/** The applied entry says which enver and which ref it is: nothing else is asked. */
function installedEntry(
  declared: Enver,
  { id, revision }: EnverEntry,
  { env, cwd }: Omit<Surroundings, 'say'>,
): EnverEntry | undefined {
  try {
    const named = { ...env, ODMD_ENVER: id, ODMD_REVISION: revision.ref };
    return entryInContracts(declared, { env: named, cwd, say: () => {} });
  } catch {
    return undefined;
  }
}

/** The outermost fields, by name. */
function different(one: EnverEntry, other: EnverEntry): string[] {
  const [a, b] = [fieldsOf(one), fieldsOf(other)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name)).sort();
}

function fieldsOf(entry: EnverEntry): Map<string, string> {
  return new Map(Object.entries(entry).map(([name, value]) => [name, canonicalJson(value)]));
}

/** By its content: a contract has no number of its own. */
function versionOf(entry: EnverEntry): string {
  return sha256(canonicalJson(entry)).slice(0, 12);
}

const dependenciesSchema = z.object({
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
});

/** Name, with `@<version>` where it has one, of the service's dependency that is made with the library of contracts. */
function contractsPackage(cwd: string): string | undefined {
  const service = read(join(cwd, 'package.json'));
  const names = Object.keys({ ...service?.dependencies, ...service?.devDependencies });
  for (const name of names.filter((one) => !one.startsWith('@ondemandenv/'))) {
    const found = read(join(folderOf(cwd, name), 'package.json'));
    if (found?.dependencies?.['@ondemandenv/contracts-base'] !== undefined)
      return found.version === undefined ? name : `${name}@${found.version}`;
  }
  return undefined;
}

/** Where a dependency is installed: here, or further up. */
function folderOf(cwd: string, name: string): string {
  const places = createRequire(join(cwd, 'package.json')).resolve.paths(name) ?? [];
  const found = places.map((place) => join(place, name)).find((folder) => read(join(folder, 'package.json')));
  return found ?? join(cwd, 'node_modules', name);
}

function read(file: string): z.output<typeof dependenciesSchema> | undefined {
  try {
    return dependenciesSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
