import fc from 'fast-check';
import { z } from 'zod';
import {
  ArtifactProducer,
  Build,
  CdkEnver,
  Consumer,
  ContainerImageEnver,
  Contracts,
  ContractsLibEnver,
  type Enver,
  type EnverProps,
  NpmPackageEnver,
  Producer,
  Reaction,
  Revision,
  ScriptEnver,
  SecretProducer,
} from '../constructs/index.js';
import type { Manifest } from '../manifest/index.js';

/** Contracts as data, from which a test can declare them in any order. */
export interface OrgPlan {
  readonly envers: readonly EnverPlan[];
  readonly uses: readonly {
    readonly from: number;
    readonly product: number;
    readonly reaction: ReactionKind;
  }[];
}

type ReactionKind = Reaction['kind'];

interface EnverPlan {
  readonly build: string;
  readonly kind: 'cdk' | 'containerImage' | 'npmPackage' | 'script';
  /** Suffixes of stacks, or names of images. */
  readonly parts: readonly string[];
  readonly ref: string;
  readonly account: 'a' | 'b';
  /** Names; one that has `/` in it lies inside the product before it; `secret` and `artifact` are of these kinds. */
  readonly products: readonly string[];
}

const enverPlan: fc.Arbitrary<EnverPlan> = fc.record({
  build: fc.constantFrom('foundation', 'orders', 'Web', 'data_store', 'x--y'),
  kind: fc.constantFrom('cdk' as const, 'containerImage' as const, 'npmPackage' as const, 'script' as const),
  parts: fc.constantFrom(['api'], ['data', 'api', 'main'], ['a', 'a-b']),
  ref: fc.constantFrom('main', 'dev', 'main--data', 'release/1.x', '功能'),
  account: fc.constantFrom('a' as const, 'b' as const),
  products: fc.constantFrom(
    [],
    ['p'],
    ['p', 'p/p', 'p/p/deep', 'q'],
    ['bus', 'bus/source', 'a.b', 'secret', 'artifact'],
  ),
});

export const orgPlans: fc.Arbitrary<OrgPlan> = fc.record({
  envers: fc.uniqueArray(enverPlan, {
    minLength: 1,
    maxLength: 9,
    selector: ({ build, ref }) => `${build} ${ref}`,
  }),
  uses: fc.array(
    fc.record({
      from: fc.nat(20),
      product: fc.nat(60),
      reaction: fc.constantFrom('deploy', 'ignore', 'alarm', 'approve'),
    }),
    {
      maxLength: 20,
    },
  ),
});

/** How to bring a list into another order; the same list always comes out the same. */
export type Shuffle = <T>(items: readonly T[]) => T[];

export const shuffles: fc.Arbitrary<Shuffle> = fc
  .array(fc.nat(), { minLength: 64, maxLength: 64 })
  .map((ranks) => (items) => {
    const ranked = items.map((item, at) => ({ item, rank: ranks[at % ranks.length] ?? 0 }));
    return ranked.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
  });

const asPlanned: Shuffle = (items) => [...items];
const TYPE = z.object({ url: z.string(), port: z.int() });

/** Declares a plan, with everything that has no order of its own in the order that `shuffle` gives. */
function declare(plan: OrgPlan, shuffle: Shuffle = asPlanned): Contracts {
  const contracts = new Contracts('org', {
    accounts: inOrder({ a: { id: '111111111111' }, b: { id: '222222222222' } }, shuffle),
    regions: ['us-west-1', 'eu-west-1'],
    repos: inOrder({ lib: { owner: 'o', name: 'lib' }, shop: { owner: 'o', name: 'shop' } }, shuffle),
  });
  const place = { account: 'a', region: 'eu-west-1', revision: Revision.branch('main') };
  const products: Producer[] = [];
  const envers: Enver[] = [];
  const steps = [
    () => new ContractsLibEnver(new Build(contracts, 'contracts', { repo: 'lib' }), place),
    ...plan.envers.map((wanted, at) => () => {
      const { enver, made } = declareEnver(contracts, wanted, shuffle);
      envers[at] = enver;
      made.forEach((product, n) => {
        products[at * 5 + n] = product;
      });
    }),
  ];
  for (const step of shuffle(steps)) step();
  for (const { at, from, product, reaction } of shuffle(plan.uses.map((use, at) => ({ ...use, at })))) {
    const enver = envers[from % envers.length];
    const used = products[product % products.length];
    if (!enver || !used || used.enver.build === enver.build) continue;
    const placeholder = PLACES[used.id] ?? inOrder({ url: '', port: product % products.length }, shuffle);
    new Consumer(enver, `use-${at}`, used, { onChange: reactionOf(reaction, shuffle), placeholder });
  }
  return contracts;
}

/** The manifest of a plan, which every rule has to find healthy. */
export function manifestOf(plan: OrgPlan, shuffle?: Shuffle): Manifest {
  const result = declare(plan, shuffle).synth();
  if (!result.ok) throw new Error(JSON.stringify(result.errors, null, 2));
  return result.manifest;
}

function declareEnver(contracts: Contracts, wanted: EnverPlan, shuffle: Shuffle) {
  const build =
    contracts.builds.find(({ id }) => id === wanted.build) ??
    new Build(contracts, wanted.build, { repo: 'shop', extraPaths: shuffle(['lib', 'tools']) });
  const enver = enverOf(build, wanted, shuffle);
  const byName = new Map<string, Producer>();
  const depth = (name: string) => name.split('/').length;
  // Parents first; children of one parent in any order.
  for (const name of shuffle(wanted.products).sort((a, b) => depth(a) - depth(b))) {
    const end = name.lastIndexOf('/');
    const schema = shuffle === asPlanned ? TYPE : z.object(inOrder(TYPE.shape, shuffle));
    byName.set(name, productOf(byName.get(name.slice(0, end)) ?? enver, name.slice(end + 1), schema));
  }
  return { enver, made: wanted.products.flatMap((name) => byName.get(name) ?? []) };
}

function enverOf(build: Build, { kind, parts, ref, account }: EnverPlan, shuffle: Shuffle): Enver {
  const props: EnverProps = {
    revision: Revision.branch(ref),
    account,
    region: 'us-west-1',
    tags: inOrder({ part: 'shop', level: '1' }, shuffle),
    clones: { auto: shuffle(['feature/*', 'ai/*']), expires: '72h' },
    runtimeGrants: shuffle([
      { account: 'a', role: 'app' },
      { account: 'b', role: 'app' },
    ]),
  };
  const images = Object.fromEntries(shuffle(parts).map((name) => [name, {}]));
  if (kind === 'cdk') return new CdkEnver(build, { ...props, stacks: ['', ...parts] });
  if (kind === 'containerImage') return new ContainerImageEnver(build, { ...props, images });
  if (kind === 'npmPackage') return new NpmPackageEnver(build, { ...props, packageName: '@org/x' });
  return new ScriptEnver(build, { ...props, deploy: ['build', 'deploy'] });
}

/** Placeholders of products that are no plain values, by their ids. */
const PLACES: Readonly<Record<string, string>> = {
  secret: 'arn:aws:secretsmanager:us-west-1:111111111111:secret:none',
  artifact: 's3://bucket/none@1',
};

function productOf(scope: Enver | Producer, id: string, schema: z.ZodType): Producer {
  if (id === 'secret') return new SecretProducer(scope, id, { readableFrom: ['a', 'b'] });
  if (id === 'artifact') return new ArtifactProducer(scope, id);
  return new Producer(scope, id, { schema });
}

function reactionOf(kind: ReactionKind, shuffle: Shuffle): Reaction {
  if (kind !== 'approve') return Reaction[kind]();
  const [one, other] = shuffle(['lead', 'release']);
  return Reaction.approve({ account: 'a', role: one ?? '' }, { account: 'a', role: other ?? '' });
}

function inOrder<T extends object>(value: T, shuffle: Shuffle): T {
  return Object.fromEntries(shuffle(Object.entries(value))) as T;
}
