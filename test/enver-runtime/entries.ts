import {
  type ConsumptionEntry,
  type EnverEntry,
  type Manifest,
  type ProductEntry,
  productPath,
  toJsonSchema,
} from '@ondemandenv/contracts-base';
import type { z } from 'zod';
import { CENTRAL, WORKSPACE } from './world.js';

const text = { type: 'string' } as const;

/** Products of the enver `<build>/b..main`, each a text. */
export function produced(build: string, ...names: string[]): ProductEntry[] {
  return names.map((name) => ({
    name,
    path: productPath(`${build}/b..main`, name),
    kind: 'value',
    schema: text,
  }));
}

/** A product of an enver, of a type of the contracts. */
export function productOf(
  enver: string,
  name: string,
  type: z.ZodType,
  kind: ProductEntry['kind'] = 'value',
): ProductEntry {
  const result = toJsonSchema(type);
  if (!('schema' in result)) throw new Error(`the type of ${name} has no JSON schema`);
  return { name, path: productPath(enver, name), kind, schema: result.schema };
}

/** The consumption of every product of an enver. */
export function consumed(from: EnverEntry): ConsumptionEntry[] {
  return from.products.map(({ name, path }) => ({
    id: name,
    from: from.id,
    path,
    kind: 'value',
    schema: text,
    onChange: 'deploy',
  }));
}

/** The manifest of an org that has one repository and these envers. */
export function manifestOf(...envers: readonly [EnverEntry, ...EnverEntry[]]): Manifest {
  return {
    schemaVersion: 1,
    org: 'coffee',
    regions: [CENTRAL.region],
    accounts: { central: { id: CENTRAL.account, central: true }, workspace1: { id: WORKSPACE } },
    repos: { shop: envers[0].repo },
    envers: Object.fromEntries(envers.map((entry) => [entry.id, entry])),
  };
}
