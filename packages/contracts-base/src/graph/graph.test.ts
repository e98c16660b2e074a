import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { components, cycles, type DependencyGraph, reachable } from './graph.js';

/** Graphs of up to eight nodes with loops, cycles, repeated edges, and edges to a node that does not exist. */
const graphs: fc.Arbitrary<DependencyGraph> = fc
  .integer({ min: 0, max: 8 })
  .chain((size) =>
    fc.array(fc.array(fc.nat(size).map(name), { maxLength: 4 }), { minLength: size, maxLength: size }),
  )
  .map((edges) => new Map(edges.map((to, from) => [name(from), to])));

describe('components', () => {
  it('are the classes of nodes that reach each other', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const reaches = closure(graph);
        const found = components(graph);
        expect(found.flat().sort()).toEqual([...graph.keys()].sort());
        const classOf = new Map(found.flatMap((nodes, at) => nodes.map((node) => [node, at])));
        for (const a of graph.keys())
          for (const b of graph.keys()) {
            const together = a === b || (reaches(a, b) && reaches(b, a));
            expect(classOf.get(a) === classOf.get(b)).toBe(together);
          }
      }),
      { numRuns: 1000 },
    );
  });

  it('come dependencies first', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const found = components(graph);
        const place = new Map(found.flatMap((nodes, at) => nodes.map((node) => [node, at])));
        for (const [from, edges] of graph)
          for (const to of edges.filter((edge) => graph.has(edge)))
            expect(place.get(to)).toBeLessThanOrEqual(place.get(from) ?? -1);
      }),
      { numRuns: 1000 },
    );
  });

  it('of a chain as long as an org can get need no call stack', () => {
    const size = 50_000;
    const chain = new Map(
      Array.from({ length: size }, (_, at) => [`n${at}`, at + 1 < size ? [`n${at + 1}`] : []]),
    );
    expect(components(chain)).toHaveLength(size);
    expect(reachable(chain, 'n0').size).toBe(size - 1);
    expect(components(new Map(chain).set(`n${size - 1}`, ['n0']))).toHaveLength(1);
  });
});

describe('cycles', () => {
  it('are the components whose nodes reach themselves', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const reaches = closure(graph);
        const expected = [...graph.keys()].filter((node) => reaches(node, node)).sort();
        expect(cycles(graph).flat().sort()).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('name their nodes in order, a node that depends on itself included', () => {
    const graph = new Map([
      ['b', ['a']],
      ['a', ['b']],
      ['c', ['c', 'a']],
      ['d', ['c']],
    ]);
    expect(cycles(graph)).toEqual([['a', 'b'], ['c']]);
  });
});

describe('reachable', () => {
  it('holds every node behind one or more edges', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const reaches = closure(graph);
        for (const start of graph.keys())
          for (const end of graph.keys()) expect(reachable(graph, start).has(end)).toBe(reaches(start, end));
      }),
      { numRuns: 1000 },
    );
  });
});

function name(node: number): string {
  return `n${node}`;
}

/** Warshall's transitive closure: slow, and too short to be wrong. */
function closure(graph: DependencyGraph): (from: string, to: string) => boolean {
  const pairs = new Set([...graph].flatMap(([from, edges]) => edges.map((to) => `${from} ${to}`)));
  for (const via of graph.keys())
    for (const from of graph.keys())
      for (const to of graph.keys())
        if (pairs.has(`${from} ${via}`) && pairs.has(`${via} ${to}`)) pairs.add(`${from} ${to}`);
  return (from, to) => pairs.has(`${from} ${to}`);
}
