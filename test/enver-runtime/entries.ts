import {
  type ConsumptionEntry,
  type EnverEntry,
  type ProductEntry,
  productPath,
} from '@ondemandenv/contracts-base';

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
