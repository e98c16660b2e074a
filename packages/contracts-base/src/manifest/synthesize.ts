import type { Contracts } from '../constructs/contracts.js';
import type { Enver } from '../constructs/enver.js';
import { ScriptEnver } from '../constructs/script-enver.js';
import { checkRules, type Finding } from '../rules/index.js';
import { toJsonSchema } from './json-schema.js';
import {
  type ConsumptionEntry,
  type EnverEntry,
  type JsonSchema,
  MANIFEST_SCHEMA_VERSION,
  type Manifest,
} from './schema.js';

export type SynthResult =
  | { readonly ok: true; readonly manifest: Manifest; readonly warnings: readonly Finding[] }
  | { readonly ok: false; readonly errors: readonly Finding[]; readonly warnings: readonly Finding[] };

/** Contracts as a manifest, or every violation of every rule. */
export function synthesize(contracts: Contracts): SynthResult {
  const { errors, warnings } = checkRules(contracts);
  if (errors.length > 0) return { ok: false, errors, warnings };
  const envers = contracts.builds.flatMap((build) => build.envers);
  return {
    ok: true,
    warnings,
    manifest: {
      schemaVersion: MANIFEST_SCHEMA_VERSION,
      org: contracts.org,
      accounts: mapValues(contracts.accounts, ({ id, central }) => ({
        id,
        ...(central && { central: true as const }),
      })),
      repos: mapValues(contracts.repos, ({ owner, name }) => ({ owner, name })),
      envers: Object.fromEntries(envers.map((enver) => [enver.id, entryOf(contracts, enver)])),
    },
  };
}

function entryOf(contracts: Contracts, enver: Enver): EnverEntry {
  const { build } = enver;
  const repo = known(contracts.repos, build.repo);
  return {
    id: enver.id,
    build: build.id,
    kind: enver.kind,
    repo: { owner: repo.owner, name: repo.name },
    workDir: build.workDir,
    extraPaths: [...new Set(build.extraPaths)].sort(),
    revision: { kind: enver.revision.kind, ref: enver.revision.ref },
    account: { name: enver.account, id: known(contracts.accounts, enver.account).id },
    region: enver.region,
    timeoutMinutes: enver.timeoutMinutes,
    commands: commandsOf(enver),
    products: enver.producers
      .map((producer) => ({
        name: producer.name,
        path: producer.path,
        schema: schemaOf(producer.schema),
      }))
      .sort(by('name')),
    consumes: enver.consumers
      .map(
        (consumer): ConsumptionEntry => ({
          id: consumer.id,
          from: consumer.producer.enver.id,
          path: consumer.producer.path,
          schema: schemaOf(consumer.producer.schema),
          onChange: consumer.onChange.kind,
          ...(consumer.placeholder !== undefined && { placeholder: plain(consumer.placeholder) }),
        }),
      )
      .sort(by('id')),
    clones: enver.clones === 'off' ? 'off' : { max: enver.clones.max },
  };
}

function commandsOf(enver: Enver): EnverEntry['commands'] {
  return enver instanceof ScriptEnver
    ? { deploy: [...enver.deploy], destroy: [...enver.destroy] }
    : { deploy: [], destroy: [] };
}

/** A value of the contracts as it will be read back; rule ODMD112 has refused what JSON cannot carry. */
function plain(value: unknown): Exclude<ConsumptionEntry['placeholder'], undefined> {
  return JSON.parse(JSON.stringify(value));
}

/** Rule ODMD114 has refused every type that this could not carry. */
function schemaOf(type: Parameters<typeof toJsonSchema>[0]): JsonSchema {
  const result = toJsonSchema(type);
  if ('problems' in result) throw new Error(`unreachable: ${result.problems.join('; ')}`);
  return result.schema;
}

function known<T>(map: Readonly<Record<string, T>>, name: string): T {
  const value = map[name];
  if (value === undefined) throw new Error(`unreachable: ${name} was checked by the rules`);
  return value;
}

function mapValues<T, U>(map: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

function by<K extends string>(key: K) {
  return (a: Record<K, string>, b: Record<K, string>) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0);
}
