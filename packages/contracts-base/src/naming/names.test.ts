import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dispatchStatePath,
  enverId,
  IMAGE_NAME,
  inputVariable,
  PRODUCT_SEGMENT,
  producerOf,
  productPath,
  productPrefix,
  repositoryName,
  repositoryPrefix,
  roleNames,
  STACK_SUFFIX,
  stackName,
  stackSuffix,
  workflowFile,
} from './names.js';
import { cloneRevisionPath, refProblem, revisionPath } from './refs.js';

/** Parts that sit close to each other after sanitising. */
const word = fc.constantFrom(
  'a',
  'A',
  'b',
  '1',
  '-',
  '--',
  '_',
  'build',
  'main',
  '0123456789ab',
  'x'.repeat(30),
);
const build = fc.array(word, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('').slice(0, 64));
const branch = fc
  .array(fc.oneof(word, fc.constantFrom('.', '/', '功')), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''))
  .filter((ref) => refProblem(ref) === undefined);
const enver = fc.tuple(build, branch).map(([id, ref]) => enverId(id, revisionPath({ kind: 'branch', ref })));
const clone = fc
  .tuple(build, branch, branch)
  .map(([id, ref, own]) =>
    enverId(id, cloneRevisionPath({ kind: 'branch', ref }, { kind: 'branch', ref: own })),
  );

describe('paths', () => {
  it('of products lie under their enver', () => {
    const path = productPath('foundation/b..main', 'bus/source');
    expect(path).toBe('/odmd-share/foundation/b..main/bus/source');
    expect(path.startsWith(productPrefix('foundation/b..main'))).toBe(true);
    expect(producerOf(path)).toBe('foundation/b..main');
    expect(dispatchStatePath('foundation/b..main')).toBe('/odmd-state/foundation/b..main/dispatch');
  });

  it.each(['bus', 'a.b', '_x', '-', '..a', 'a'.repeat(64)])('%j is a product name', (name) => {
    expect(name).toMatch(PRODUCT_SEGMENT);
  });

  it.each(['', '.', '..', '...', 'a/b', 'a b', '功', 'a'.repeat(65)])('%j is no product name', (name) => {
    expect(name).not.toMatch(PRODUCT_SEGMENT);
  });
});

describe('stackName and roleNames', () => {
  it('are readable where nothing has to change', () => {
    expect(stackName('foundation/b..main')).toBe('foundation--main');
    expect(roleNames('foundation/b..main')).toEqual({
      path: '/odmd/foundation/',
      build: 'foundation--main-build',
      exec: 'foundation--main-exec',
      runtime: 'foundation--main-runtime',
      central: 'foundation--main-central',
    });
  });

  it.each([
    ['another character', 'a_b/b..main', 'a-b--main-'],
    ['a tag', 'a/t..v1', 'a--t-v1-'],
    ['a clone', 'a/b..main-_b..x', 'a--main--b-x-'],
    ['a first character that is no letter', '1a/b..main', 'o-1a--main-'],
    ['-- inside the build', 'a--b/b..c', 'a--b--c-'],
    ['-- inside the branch', 'a/b..b--c', 'a--b--c-'],
    ['- at the end', 'a-/b..b', 'a---b-'],
    ['what looks like a hash', 'a/b..b-0123456789ab', 'a--b-0123456789ab-'],
  ])('carry a hash for %s', (_, id, start) => {
    expect(stackName(id).slice(0, -12)).toBe(start);
    expect(stackName(id)).toMatch(/-[0-9a-f]{12}$/);
  });

  it('fit their limits and differ for different envers', () => {
    fc.assert(
      fc.property(fc.oneof(enver, clone), fc.oneof(enver, clone), (a, b) => {
        const [ours, theirs] = [namesOf(a), namesOf(b)];
        expect(ours.stack).toMatch(/^[A-Za-z][A-Za-z0-9-]{0,127}$/);
        for (const role of ours.roles) expect(role).toMatch(/^[A-Za-z][A-Za-z0-9-]{0,63}$/);
        // Ids that differ in case only are refused by the rules, since names are compared without case.
        fc.pre(a.toLowerCase() !== b.toLowerCase());
        expect(ours.stack.toLowerCase()).not.toBe(theirs.stack.toLowerCase());
        const all = [...ours.roles, ...theirs.roles].map((role) => role.toLowerCase());
        expect(new Set(all).size).toBe(8);
      }),
      { numRuns: 2000 },
    );
  });

  it('differ also when build and branch make the same text together', () => {
    const letters = fc.array(fc.constantFrom('a', 'b-c', '-', ''), { minLength: 3, maxLength: 5 });
    fc.assert(
      fc.property(letters, fc.nat(5), fc.nat(5), (parts, i, j) => {
        const cut = (at: number) => {
          const end = 1 + (at % (parts.length - 1));
          return enverId(parts.slice(0, end).join('--'), `b..${parts.slice(end).join('--')}`);
        };
        fc.pre(cut(i) !== cut(j));
        expect(stackName(cut(i))).not.toBe(stackName(cut(j)));
        expect(roleNames(cut(i)).build).not.toBe(roleNames(cut(j)).build);
      }),
    );
  });

  it('of clones always carry the hash', () => {
    fc.assert(
      fc.property(clone, (id) => {
        expect(stackName(id)).toMatch(/-[0-9a-f]{12}$/);
        expect(roleNames(id).build).toMatch(/-[0-9a-f]{12}-build$/);
      }),
    );
  });
});

/** Suffixes that sit close to each other, and to names without one. */
const suffix = fc.constantFrom('', 'a', 'A-b', 'main', '1', 'build-main', 'x'.repeat(32), '0123456789abc');

describe('stackName with a suffix', () => {
  it('adds it, and is read back', () => {
    expect(stackName('orders/b..main', 'data')).toBe('orders--main--data');
    expect(stackSuffix('orders/b..main', 'orders--main--data')).toBe('data');
    expect(stackSuffix('orders/b..main', 'orders--main')).toBe('');
    for (const other of ['orders--main--', 'orders--main--a--b', 'orders--main-data', 'data', ''])
      expect(stackSuffix('orders/b..main', other)).toBeUndefined();
  });

  it('fits, and differs for different stacks of any two envers', () => {
    fc.assert(
      fc.property(fc.oneof(enver, clone), fc.oneof(enver, clone), suffix, suffix, (a, b, one, other) => {
        const name = stackName(a, one);
        expect(name).toMatch(/^[A-Za-z][A-Za-z0-9-]{0,127}$/);
        expect(stackSuffix(a, name)).toBe(one);
        fc.pre(`${a} ${one}`.toLowerCase() !== `${b} ${other}`.toLowerCase());
        expect(name.toLowerCase()).not.toBe(stackName(b, other).toLowerCase());
      }),
      { numRuns: 5000 },
    );
  });

  it('refuses what could be a hash', () => {
    for (const text of ['0123456789ab', 'x-0123456789AB', '', 'a--b', 'a_b'])
      expect(text).not.toMatch(STACK_SUFFIX);
    for (const text of ['0123456789abc', 'x0123456789ab', 'a-b']) expect(text).toMatch(STACK_SUFFIX);
  });
});

describe('repositoryName', () => {
  const REPOSITORY = /^(?=.{2,256}$)([a-z0-9]+([._-][a-z0-9]+)*\/)*[a-z0-9]+([._-][a-z0-9]+)*$/;

  it('is readable where nothing has to change', () => {
    expect(repositoryName('orders/b..main', 'api')).toBe('orders/main/api');
    expect(repositoryName('Orders/b..Main', 'api')).toBe('orders/main/api');
    expect(repositoryName('orders/b..main-_b..x', 'api')).toMatch(/^orders\/main-b-x-[0-9a-f]{12}\/api$/);
    expect(repositoryName('_/b..-', 'api')).toMatch(/^o\/o-[0-9a-f]{12}\/api$/);
    const long = 'b'.repeat(64);
    expect(repositoryName(`${long}/b..${'x'.repeat(126)}`, long)).toBe(`${long}/${'x'.repeat(126)}/${long}`);
    const longest = repositoryName(`${long}/b..${'x'.repeat(127)}`, long);
    expect(longest).toMatch(/\/x{113}-[0-9a-f]{12}\//);
    expect(longest).toHaveLength(256);
  });

  it('is one that ECR takes, and differs for different envers', () => {
    fc.assert(
      fc.property(fc.oneof(enver, clone), fc.oneof(enver, clone), (a, b) => {
        expect(repositoryName(a, 'i'.repeat(64))).toMatch(REPOSITORY);
        expect(repositoryName(a, 'a.b_c-d')).toMatch(REPOSITORY);
        fc.pre(a.toLowerCase() !== b.toLowerCase());
        expect(repositoryPrefix(a)).not.toBe(repositoryPrefix(b));
      }),
      { numRuns: 5000 },
    );
  });

  it('of an image has a legal name', () => {
    for (const text of ['a', 'a.b_c-d', '1']) expect(text).toMatch(IMAGE_NAME);
    for (const text of ['', 'A', 'a--b', '-a', 'a/b', 'a'.repeat(65)]) expect(text).not.toMatch(IMAGE_NAME);
  });
});

describe('other names', () => {
  it('are the documented ones', () => {
    expect(workflowFile({ build: 'orders', kind: 'script', region: 'us-west-1', account: 'ws1' })).toBe(
      '.github/workflows/ODMD_orders-script-us-west-1-ws1.yaml',
    );
    expect(inputVariable('order-api.url')).toBe('ODMD_INPUT_ORDER_API_URL');
  });
});

function namesOf(id: string) {
  const { path: _, ...roles } = roleNames(id);
  return { stack: stackName(id), roles: Object.values(roles) };
}
