import fc from 'fast-check';
import type { ConsumptionEntry, EnverEntry, JsonSchema, Manifest } from '../manifest/index.js';
import { producerOf, productPath } from '../naming/index.js';
import { enverEntry } from '../testing/index.js';

export type OnChange = ConsumptionEntry['onChange'];

const TEXT: JsonSchema = { type: 'string' };
export const BOSS = { account: 'work', role: 'boss' } as const;

/** `b..main` of a build. */
export function main(build: string): string {
  return `${build}/b..main`;
}

/** An enver as plain data, as synthesis would write it. */
export function entry(build: string, changes: Partial<EnverEntry> = {}): EnverEntry {
  return enverEntry({
    build,
    repo: { owner: 'o', name: build },
    account: { name: 'work', id: '222222222222' },
    region: 'eu-west-1',
    ...changes,
  });
}

export function product(build: string, name: string, schema: JsonSchema = TEXT): EnverEntry['products'][0] {
  return { name, path: productPath(main(build), name), kind: 'value', schema };
}

/** Of a product by its name with its build: `foundation/bus`. */
export function use(of: string, changes: Partial<ConsumptionEntry> = {}): ConsumptionEntry {
  const [build = '', ...rest] = of.split('/');
  const path = productPath(main(build), rest.join('/'));
  const onChange = changes.onChange ?? 'deploy';
  return {
    id: of.replaceAll('/', '-'),
    from: producerOf(path),
    path,
    kind: 'value',
    schema: TEXT,
    onChange,
    ...(onChange === 'approve' && { approvers: [BOSS] }),
    ...changes,
  };
}

export function manifest(...envers: readonly EnverEntry[]): Manifest {
  return {
    schemaVersion: 1,
    org: 'org',
    accounts: { central: { id: '111111111111', central: true }, work: { id: '222222222222' } },
    repos: Object.fromEntries(envers.map(({ build, repo }) => [build, { ...repo }])),
    envers: Object.fromEntries(envers.map((one) => [one.id, one])),
  };
}

/** Each enver with its one product, by who consumes whose: `{ b: { a: 'deploy' } }`. */
export function wired(uses: Readonly<Record<string, Readonly<Record<string, OnChange>>>>): Manifest {
  return manifest(
    ...Object.entries(uses).map(([build, of]) =>
      entry(build, {
        products: [product(build, 'p')],
        consumes: Object.entries(of).map(([from, onChange]) => use(`${from}/p`, { onChange })),
      }),
    ),
  );
}

/** Up to nine envers, each with two products, wired in any way: cycles, doubled uses and loops of one included. */
export function manifests(reactions: readonly OnChange[]): fc.Arbitrary<Manifest> {
  const edge = fc.record({
    from: fc.nat(8),
    product: fc.constantFrom('p', 'q'),
    onChange: fc.constantFrom(...reactions),
  });
  return fc.array(fc.array(edge, { maxLength: 4 }), { minLength: 1, maxLength: 9 }).map((plans) =>
    manifest(
      ...plans.map((edges, at) =>
        entry(`e${at}`, {
          products: [product(`e${at}`, 'p'), product(`e${at}`, 'q')],
          consumes: edges.map(({ from, product, onChange }, n) =>
            use(`e${from % plans.length}/${product}`, { onChange, id: `u${n}` }),
          ),
        }),
      ),
    ),
  );
}
