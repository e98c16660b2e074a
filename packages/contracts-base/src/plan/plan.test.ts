import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../manifest/index.js';
import { productPath } from '../naming/index.js';
import {
  BOSS,
  entry,
  main,
  manifest,
  manifests,
  type OnChange,
  product,
  use,
  wired,
} from './manifest.test.fixture.js';
import { planChange } from './plan.js';
import type { Plan, PlannedChange } from './planned.js';

const DEPLOY: readonly OnChange[] = ['deploy'];
const ALL: readonly OnChange[] = ['deploy', 'deploy', 'ignore', 'alarm', 'approve'];

describe('planChange', () => {
  it('deploys the foot of a diamond once, after both of its sides', () => {
    const diamond = wired({
      a: {},
      b: { a: 'deploy' },
      c: { a: 'deploy' },
      d: { c: 'deploy', b: 'deploy' },
      other: {},
    });
    const plan = planChange(diamond, { sources: [main('a')] });
    expect(plan.phases).toEqual([
      [{ id: main('a'), because: ['its source'], waitsFor: [] }],
      [
        { id: main('b'), because: [`${main('a')}/p`], waitsFor: [main('a')] },
        { id: main('c'), because: [`${main('a')}/p`], waitsFor: [main('a')] },
      ],
      [{ id: main('d'), because: [`${main('b')}/p`, `${main('c')}/p`], waitsFor: [main('b'), main('c')] }],
    ]);
    expect(plan).toMatchObject({ held: [], approvals: [], alarms: [], ignored: [] });
  });

  it('starts behind a product that changes by itself: its own enver is not deployed', () => {
    const org = wired({ a: {}, b: { a: 'deploy' } });
    expect(ids(planChange(org, { products: [productPath(main('a'), 'p')] }))).toEqual([[main('b')]]);
  });

  it('puts a cycle into one phase and names its members', () => {
    const org = wired({ a: {}, b: { a: 'deploy', c: 'deploy' }, c: { b: 'deploy' }, d: { c: 'deploy' } });
    const plan = planChange(org, { sources: [main('a')] });
    expect(ids(plan)).toEqual([[main('a')], [main('b'), main('c')], [main('d')]]);
    expect(plan.phases[1]).toMatchObject([
      { cycle: [main('b'), main('c')], waitsFor: [main('a')] },
      { cycle: [main('b'), main('c')], waitsFor: [] },
    ]);
  });

  it('holds an enver that asks, and everything behind it, and says whom to ask', () => {
    const org = wired({
      a: {},
      asks: { a: 'approve' },
      behind: { asks: 'deploy' },
      mixed: { a: 'deploy', behind: 'deploy' },
      free: { a: 'deploy' },
    });
    const plan = planChange(org, { sources: [main('a')] });
    expect(ids(plan)).toEqual([[main('a')], [main('free')]]);
    expect(plan.held.map((phase) => phase.map(({ id }) => id))).toEqual([
      [main('asks')],
      [main('behind')],
      [main('mixed')],
    ]);
    expect(plan.held[2]).toMatchObject([{ waitsFor: [main('a'), main('behind')] }]);
    expect(plan.approvals).toEqual([
      {
        enver: main('asks'),
        products: [`${main('a')}/p`],
        approvers: [BOSS],
        behind: [main('behind'), main('mixed')],
      },
    ]);
  });

  it('starts a cycle that an approval closes, and asks when it comes round', () => {
    const org = wired({ a: { b: 'approve' }, b: { a: 'deploy' } });
    const fromA = planChange(org, { sources: [main('a')] });
    expect(ids(fromA)).toEqual([[main('a')], [main('b')]]);
    expect(fromA.held).toMatchObject([
      [{ id: main('a'), because: [`${main('b')}/p`], waitsFor: [main('b')] }],
    ]);
    expect(fromA.approvals).toMatchObject([{ enver: main('a'), behind: [] }]);
    const fromB = planChange(org, { sources: [main('b')] });
    expect(ids(fromB)).toEqual([[main('b')]]);
    expect(fromB.held).toMatchObject([[{ id: main('a'), waitsFor: [main('b')] }]]);
  });

  it('deploys for another reason before it asks, and holds who is behind until both are done', () => {
    const org = wired({
      a: {},
      c: { a: 'deploy' },
      both: { a: 'approve', c: 'deploy' },
      behind: { both: 'deploy' },
    });
    const plan = planChange(org, { sources: [main('a')] });
    expect(ids(plan)).toEqual([[main('a')], [main('c')], [main('both')]]);
    expect(plan.phases[2]).toMatchObject([{ because: [`${main('c')}/p`], waitsFor: [main('c')] }]);
    expect(plan.held).toMatchObject([
      [{ id: main('both'), because: [`${main('a')}/p`], waitsFor: [main('a')] }],
      [{ id: main('behind'), waitsFor: [main('both')] }],
    ]);
    expect(plan.approvals).toMatchObject([{ enver: main('both'), behind: [main('behind')] }]);
  });

  it('asks nobody about what is consumed for the first time', () => {
    const org = wired({ a: {}, b: { a: 'approve' } });
    const [fresh, because] = [[productPath(main('a'), 'p')], 'new'];
    const plan = planChange(org, { sources: [main('a')], roots: [{ id: main('b'), because, fresh }] });
    expect(ids(plan)).toEqual([[main('a')], [main('b')]]);
    expect(plan).toMatchObject({ held: [], approvals: [] });
  });

  it('reports alarms and what is ignored, once per product, also behind an approval', () => {
    const org = manifest(
      entry('a', { products: [product('a', 'p')] }),
      entry('twice', {
        consumes: [use('a/p', { id: 'x', onChange: 'ignore' }), use('a/p', { id: 'y', onChange: 'alarm' })],
      }),
      entry('both', {
        consumes: [use('a/p', { id: 'x', onChange: 'ignore' }), use('a/p', { id: 'y' })],
      }),
      entry('asks', { products: [product('asks', 'p')], consumes: [use('a/p', { onChange: 'approve' })] }),
      entry('late', { consumes: [use('asks/p', { onChange: 'ignore' })] }),
    );
    const plan = planChange(org, { sources: [main('a')] });
    expect(ids(plan)).toEqual([[main('a')], [main('both')]]);
    expect(plan.alarms).toEqual([{ enver: main('twice'), product: `${main('a')}/p` }]);
    expect(plan.ignored).toEqual([{ enver: main('late'), product: `${main('asks')}/p`, held: true }]);
  });

  it('names everything that the contracts do not have', () => {
    const change = { sources: [main('x')], products: ['/odmd-share/a/b..main/x'] };
    expect(() => planChange(wired({ a: {} }), change)).toThrow(
      expect.objectContaining({
        code: 'ODMD210',
        message: `these contracts do not have enver ${main('x')}, product /odmd-share/a/b..main/x`,
      }),
    );
  });

  it('reaches exactly what a search over every edge reaches', () => {
    fc.assert(
      fc.property(manifests(ALL), fc.nat(8), (org, at) => {
        const start = someEnver(org, at);
        const plan = planChange(org, { sources: [start] });
        const found = new Set(planned(plan).map(({ id }) => id));
        expect([...found].sort()).toEqual(naiveReach(org, start));
      }),
      { numRuns: 500 },
    );
  });

  it('lets every phase depend on earlier ones only, or on its own cycle', () => {
    fc.assert(
      fc.property(manifests(DEPLOY), fc.nat(8), fc.nat(8), (org, one, two) => {
        const plan = planChange(org, { sources: [someEnver(org, one), someEnver(org, two)] });
        const phaseOf = new Map(plan.phases.flatMap((phase, n) => phase.map(({ id }) => [id, n] as const)));
        for (const { id, cycle = [], waitsFor } of planned(plan))
          for (const { from } of org.envers[id]?.consumes ?? []) {
            if (from === id || !phaseOf.has(from)) continue;
            if (cycle.includes(from)) expect(phaseOf.get(from)).toBe(phaseOf.get(id));
            else {
              expect(phaseOf.get(from)).toBeLessThan(phaseOf.get(id) ?? -1);
              expect(waitsFor).toContain(from);
            }
          }
      }),
      { numRuns: 500 },
    );
  });

  it('lets nobody go ahead of an approval that it is behind', () => {
    fc.assert(
      fc.property(manifests(ALL), fc.nat(8), (org, at) => {
        const plan = planChange(org, { sources: [someEnver(org, at)] });
        const held = new Set(plan.held.flat().map(({ id }) => id));
        const behind = new Set(
          plan.approvals.flatMap(({ enver, behind }) => (held.has(enver) ? [enver, ...behind] : behind)),
        );
        // Whoever is held is so because of an approval, and nobody else is.
        expect([...held].sort()).toEqual([...behind].sort());
        const before = new Set<string>();
        for (const phase of [...plan.phases, ...plan.held]) {
          for (const { waitsFor, cycle = [] } of phase)
            for (const other of waitsFor) expect(before.has(other) || cycle.includes(other)).toBe(true);
          for (const { id } of phase) before.add(id);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is the same whatever the order of the entries', () => {
    fc.assert(
      fc.property(manifests(ALL), fc.nat(8), (org, at) => {
        const change: PlannedChange = { sources: [someEnver(org, at)] };
        const turned = Object.entries(org.envers)
          .reverse()
          .map(([id, one]) => [id, { ...one, consumes: one.consumes.toReversed() }] as const);
        expect(planChange({ ...org, envers: Object.fromEntries(turned) }, change)).toEqual(
          planChange(org, change),
        );
      }),
      { numRuns: 200 },
    );
  });
});

function ids(plan: Plan): string[][] {
  return plan.phases.map((phase) => phase.map(({ id }) => id));
}

function planned(plan: Plan) {
  return [...plan.phases, ...plan.held].flat();
}

function someEnver(org: Manifest, at: number): string {
  const all = Object.keys(org.envers);
  return all[at % all.length] ?? '';
}

/** Adds whoever consumes something of the reached by `deploy` or `approve`, until nobody is added. */
function naiveReach(org: Manifest, start: string): string[] {
  const reached = new Set([start]);
  for (let before = 0; before !== reached.size; ) {
    before = reached.size;
    for (const { id, consumes } of Object.values(org.envers))
      if (consumes.some(({ from, onChange }) => reached.has(from) && /deploy|approve/.test(onChange)))
        reached.add(id);
  }
  return [...reached].sort();
}
