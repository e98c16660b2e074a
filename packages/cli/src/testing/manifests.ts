import {
  type ConsumptionEntry,
  type EnverEntry,
  type Manifest,
  producerOf,
  productPath,
  writeManifest,
} from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';

const TYPE = { type: 'string' };

/** An enver of the branch main that publishes and consumes strings. */
export function enver(
  build: string,
  uses: readonly (Partial<ConsumptionEntry> & { of: string })[] = [],
  changes: Partial<EnverEntry> = {},
): EnverEntry {
  const id = `${build}/b..main`;
  return enverEntry({
    build,
    repo: { owner: 'tea', name: 'house' },
    workDir: build,
    account: { name: 'work', id: '222222222222' },
    region: 'eu-north-1',
    commands: { test: [], deploy: ['true'], destroy: [] },
    products: ['api', 'bus/source'].map((name) => ({
      name,
      path: productPath(id, name),
      kind: 'value',
      schema: TYPE,
    })),
    consumes: uses.map(({ of, ...more }): ConsumptionEntry => {
      const [producer = '', ...name] = of.split('/');
      const path = productPath(`${producer}/b..main`, name.join('/'));
      return {
        id: of.replaceAll('/', '-'),
        from: producerOf(path),
        path,
        kind: 'value',
        schema: TYPE,
        onChange: 'deploy',
        ...more,
      };
    }),
    ...changes,
  });
}

export function manifest(...envers: readonly EnverEntry[]): Manifest {
  return {
    schemaVersion: 1,
    org: 'tea-house',
    accounts: {
      central: { id: '111111111111', central: true },
      work: { id: '222222222222' },
      parlour: { id: '333333333333' },
    },
    repos: { house: { owner: 'tea', name: 'house' } },
    envers: Object.fromEntries(envers.map((entry) => [entry.id, entry])),
  };
}

/** A kettle, a cup that consumes it, and a guest who consumes both; nothing waits for the guest's opinion. */
export const TEA = manifest(
  enver('kettle', [{ of: 'guest/api', onChange: 'ignore', placeholder: 'none yet' }]),
  enver('cup', [{ of: 'kettle/bus/source' }, { of: 'kettle/api' }]),
  enver('guest', [{ of: 'cup/api' }, { of: 'kettle/api', onChange: 'ignore' }], {
    kind: 'cdk',
    account: { name: 'parlour', id: '333333333333' },
  }),
);

export const TEA_FILE = writeManifest(TEA);
