import type { Contracts } from '../constructs/contracts.js';
import { checkRules, type Finding } from '../rules/index.js';
import { entryOf } from './entry-of.js';
import { MANIFEST_SCHEMA_VERSION, type Manifest } from './schema.js';

export type SynthResult =
  | { readonly ok: true; readonly manifest: Manifest; readonly warnings: readonly Finding[] }
  | { readonly ok: false; readonly errors: readonly Finding[]; readonly warnings: readonly Finding[] };

/** Contracts as a manifest, or every violation of every rule. */
export function synthesize(contracts: Contracts): SynthResult {
  const { errors, warnings } = checkRules(contracts);
  if (errors.length > 0) return { ok: false, errors, warnings };
  const { envers } = contracts.declared;
  return {
    ok: true,
    warnings,
    manifest: {
      schemaVersion: MANIFEST_SCHEMA_VERSION,
      org: contracts.org,
      accounts: mapValues(contracts.accounts, ({ id, central, production }) => ({
        id,
        ...(central && { central: true as const }),
        ...(production && { production: true as const }),
      })),
      repos: mapValues(contracts.repos, ({ owner, name, installationId }) => ({
        owner,
        name,
        ...(installationId !== undefined && { installationId }),
      })),
      ...(contracts.regions && { regions: [...contracts.regions] }),
      envers: Object.fromEntries(envers.map((enver) => [enver.id, entryOf(enver)])),
    },
  };
}

function mapValues<T, U>(map: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
