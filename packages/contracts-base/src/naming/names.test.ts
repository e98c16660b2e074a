import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dispatchStatePath,
  enverId,
  inputVariable,
  PRODUCT_SEGMENT,
  producerOf,
  productPath,
  productPrefix,
  roleNames,
  stackName,
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
