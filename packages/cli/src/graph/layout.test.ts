import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enver, manifest, TEA } from '../testing/manifests.js';
import { type Layout, layoutOf, type Rectangle } from './layout.js';
import { contractsGraph } from './model.js';

/** Contracts of up to 30 envers in three accounts that consume each other in any way. */
const anyGraph = fc
  .array(
    fc.record({ account: fc.constantFrom('a', 'b', 'c'), uses: fc.array(fc.nat(29), { maxLength: 4 }) }),
    {
      maxLength: 30,
    },
  )
  .map((envers) =>
    contractsGraph(
      manifest(
        ...envers.map(({ account, uses }, index) => {
          const others = [...new Set(uses)].filter((other) => other !== index && other < envers.length);
          const consumed = others.map((other) => ({ of: `build-${other}/api` }));
          return enver(`build-${index}`, consumed, { account: { name: account, id: '2' } });
        }),
      ),
    ),
  );

function overlaps(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function overlapping(rectangles: readonly Rectangle[]): unknown[] {
  return rectangles.flatMap((a, index) => rectangles.slice(index + 1).filter((b) => overlaps(a, b)));
}

/** Every x in a path of the commands M, C and H, control points too. */
function xs(path: string): number[] {
  return [...path.matchAll(/[MCH]([-\d. ]+)/g)].flatMap(([, numbers = '']) =>
    numbers
      .trim()
      .split(' ')
      .map(Number)
      .filter((_, index) => index % 2 === 0),
  );
}

function boxOf(layout: Layout, id: string) {
  return layout.boxes.find(({ node }) => node.id === id) ?? expect.fail(`no box of ${id}`);
}

describe('the layout', () => {
  it('puts consumers to the right of what they consume, and opens cycles at placeholders', () => {
    const layout = layoutOf(contractsGraph(TEA));
    const [kettle, cup, guest] = ['kettle', 'cup', 'guest'].map(
      (build) => boxOf(layout, `${build}/b..main`).x,
    );
    expect([kettle, cup, guest]).toEqual([kettle, cup, guest].toSorted((a, b) => Number(a) - Number(b)));
    expect(layout.arrows.filter(({ back }) => back).map(({ edge }) => [edge.from, edge.to])).toEqual([
      ['guest/b..main', 'kettle/b..main'],
    ]);
  });

  it('never lets boxes, frames or labels overlap, whatever the contracts', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const layout = layoutOf(graph);
        expect(overlapping(layout.boxes)).toEqual([]);
        expect(overlapping(layout.frames)).toEqual([]);
        const ends = layout.arrows.map(({ labelAt }) => `${labelAt.x} ${labelAt.y}`);
        expect(new Set(ends).size).toBe(ends.length);
        for (const box of layout.boxes) {
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.y).toBeGreaterThanOrEqual(0);
          expect(box.x + box.width).toBeLessThanOrEqual(layout.width);
          expect(box.y + box.height).toBeLessThanOrEqual(layout.height);
          const around = layout.frames.filter((frame) => frame.account === box.node.account);
          expect(around.some((frame) => overlaps(frame, box) && frame.x <= box.x)).toBe(true);
        }
        for (const { path } of layout.arrows) expect(Math.min(...xs(path))).toBeGreaterThanOrEqual(0);
        for (const { edge, back } of layout.arrows)
          if (!back) expect(boxOf(layout, edge.from).x).toBeLessThan(boxOf(layout, edge.to).x);
        expect(layout.arrows).toHaveLength(graph.edges.length);
      }),
      { numRuns: 60 },
    );
  });

  it('is the same every time', () => {
    expect(layoutOf(contractsGraph(TEA))).toEqual(layoutOf(contractsGraph(TEA)));
  });
});
