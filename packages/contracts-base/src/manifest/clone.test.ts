import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../canonical-json.js';
import {
  deployedStatePath,
  dispatchStatePath,
  productPath,
  type RevisionRef,
  roleNames,
  stackName,
} from '../naming/index.js';
import { CoffeeShop } from '../testing/coffee-shop.js';
import { manifestOf, orgPlans } from '../testing/random-org.js';
import { relatedRevisions } from '../testing/random-refs.js';
import { readEntry } from './bytes.js';
import { type CloneRequest, clone } from './clone.js';
import type { EnverEntry } from './schema.js';

const revisions: fc.Arbitrary<RevisionRef> = fc.record({
  kind: fc.constantFrom('branch' as const, 'tag' as const),
  ref: fc.constantFrom(
    'main',
    'dev',
    'feature/latte',
    'feature-latte',
    'Feature/latte',
    '$(id)',
    '功能',
    'v1',
    'x--data',
    'a'.repeat(250),
  ),
});
const requests: fc.Arbitrary<CloneRequest> = fc.record({
  builds: fc.subarray(['foundation', 'orders', 'Web', 'data_store', 'x--y', 'unknown'], { minLength: 2 }),
  base: fc.record({ kind: fc.constant('branch' as const), ref: fc.constantFrom('main', 'dev', '功能') }),
  revision: revisions,
});

describe('clone', () => {
  it('keeps everything but names and wiring', () => {
    fc.assert(
      fc.property(orgPlans, requests, (plan, request) => {
        const manifest = manifestOf(plan);
        const before = canonicalJson(manifest);
        const clones = clone(manifest, request);
        expect(canonicalJson(manifest)).toBe(before);
        const bases = Object.values(manifest.envers).filter(
          ({ build, revision }) => request.builds.includes(build) && revision.ref === request.base.ref,
        );
        expect(clones.map(({ cloneOf }) => cloneOf)).toEqual(bases.map(({ id }) => id).sort());
        for (const entry of clones) {
          const base = manifest.envers[entry.cloneOf ?? ''];
          expect(readEntry(canonicalJson(entry))).toStrictEqual(entry);
          expect(withoutNames(entry)).toEqual(base && withoutNames(base));
          expect(entry).toMatchObject({ revision: request.revision, clones: 'off', ephemeral: true });
        }
      }),
      { numRuns: 50 },
    );
  });

  it('wires clones of a set to each other, and to the same envers as before outside it', () => {
    fc.assert(
      fc.property(orgPlans, requests, (plan, request) => {
        const manifest = manifestOf(plan);
        const clones = clone(manifest, request);
        const cloneOf = new Map(clones.map((entry) => [entry.cloneOf, entry]));
        for (const entry of clones)
          for (const [at, use] of entry.consumes.entries()) {
            const old = manifest.envers[entry.cloneOf ?? '']?.consumes[at];
            const inside = cloneOf.get(old?.from);
            if (inside) {
              const name = old?.path.slice(productPath(old.from, '').length) ?? '';
              expect(use).toEqual({ ...old, from: inside.id, path: productPath(inside.id, name) });
              expect(inside.products.map(({ path }) => path)).toContain(use.path);
            } else expect(use).toEqual(old);
          }
      }),
      { numRuns: 50 },
    );
  });

  it('gives names that no other enver and no other clone has, without regard to case', () => {
    fc.assert(
      fc.property(orgPlans, requests, requests, relatedRevisions, (plan, first, second, [near, nearer]) => {
        const manifest = manifestOf(plan);
        const [one, other] = [
          { ...first, revision: near },
          { ...second, revision: nearer },
        ];
        const all = [...clone(manifest, one), ...clone(manifest, other), ...Object.values(manifest.envers)];
        const ids = new Set(all.map(({ id }) => id));
        const unique = [...new Map(all.map((entry) => [entry.id, entry])).values()];
        for (const names of [rolesOf, repositoriesOf, stacksOf]) {
          const made = unique.flatMap((entry) => names(entry).map((name) => name.toLowerCase()));
          expect(new Set(made).size).toBe(made.length);
        }
        // The config store tells cases apart.
        const paths = unique.flatMap(pathsOf);
        expect(new Set(paths).size).toBe(paths.length);
        const same =
          one.base.ref === other.base.ref && canonicalJson(one.revision) === canonicalJson(other.revision);
        const shared = one.builds.filter((build) => other.builds.includes(build));
        if (!same || shared.length === 0) expect(ids.size).toBe(all.length);
      }),
      { numRuns: 200 },
    );
  });

  it('reads as this', () => {
    const result = new CoffeeShop().synth();
    if (!result.ok) throw new Error('the coffee shop is healthy');
    const base = { kind: 'branch', ref: 'main' } as const;
    const revision = { kind: 'branch', ref: 'feature/login' } as const;
    const [foundation, orders] = clone(result.manifest, { builds: ['orders', 'foundation'], base, revision });
    expect(foundation?.products.map(({ path }) => path)).toEqual([
      '/odmd-share/foundation/b..main-_b..feature-login.df7c7aeb3560/bus',
      '/odmd-share/foundation/b..main-_b..feature-login.df7c7aeb3560/bus/menu',
    ]);
    expect(orders).toMatchObject({
      id: 'orders/b..main-_b..feature-login.df7c7aeb3560',
      cloneOf: 'orders/b..main',
      revision,
    });
    expect(orders?.consumes[1]).toMatchObject({
      id: 'menu',
      from: foundation?.id,
      path: foundation?.products[1]?.path,
      placeholder: [],
    });
  });

  it('has stacks and repositories of its own', () => {
    const plan = { ref: 'main', account: 'a', products: [] } as const;
    const manifest = manifestOf({
      envers: [
        { ...plan, build: 'orders', kind: 'cdk', parts: ['data', 'api'] },
        { ...plan, build: 'Web', kind: 'containerImage', parts: ['nginx'] },
      ],
      uses: [],
    });
    const base = { kind: 'branch', ref: 'main' } as const;
    const [web, orders] = clone(manifest, {
      builds: ['orders', 'Web'],
      base,
      revision: { kind: 'branch', ref: 'x' },
    });
    expect(manifest.envers['orders/b..main']?.stacks[1]).toBe('orders--main--data');
    expect(orders?.stacks).toEqual([
      expect.stringMatching(/^orders--main--b-x-[0-9a-f]{12}$/),
      expect.stringMatching(/^orders--main--b-x-[0-9a-f]{12}--data$/),
      expect.stringMatching(/^orders--main--b-x-[0-9a-f]{12}--api$/),
    ]);
    expect(web?.images).toEqual([
      {
        repository: expect.stringMatching(/^web\/main-b-x-[0-9a-f]{12}\/nginx$/),
        context: '.',
        dockerfile: 'Dockerfile',
      },
    ]);
  });

  it('of nothing that matches is nothing', () => {
    const manifest = manifestOf({ envers: [], uses: [] });
    const main = { kind: 'branch', ref: 'main' } as const;
    expect(clone(manifest, { builds: ['orders'], base: main, revision: main })).toEqual([]);
  });
});

function rolesOf({ id }: EnverEntry): string[] {
  const { path: _, ...roles } = roleNames(id);
  return Object.values(roles);
}

/** Of its products and of its state. */
function pathsOf({ id, products }: EnverEntry): string[] {
  return [deployedStatePath(id), dispatchStatePath(id), ...products.map(({ path }) => path)];
}

function repositoriesOf({ images }: EnverEntry): string[] {
  return images.map(({ repository }) => repository);
}

/** Those that the entry lists, and the default one, which the platform may use for itself. */
function stacksOf({ id, stacks }: EnverEntry): string[] {
  return [...new Set([stackName(id), ...stacks])];
}

/** What a clone has of its base. */
function withoutNames(entry: EnverEntry) {
  const { id: _id, cloneOf: _base, revision: _revision, clones: _clones, ephemeral: _e, ...rest } = entry;
  return {
    ...rest,
    stacks: entry.stacks.length,
    images: entry.images.map(({ repository: _, ...image }) => image),
    products: entry.products.map(({ path: _, ...product }) => product),
    consumes: entry.consumes.map(({ from: _from, path: _path, ...use }) => use),
  };
}
