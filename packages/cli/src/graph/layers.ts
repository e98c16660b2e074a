import { cycles, type DependencyGraph } from '@ondemandenv/contracts-base';
import type { ContractsGraph, GraphEdge } from './model.js';

export interface Layers {
  /** Column of each enver; it lies to the right of all that it consumes, but for `back` edges. */
  readonly of: ReadonlyMap<string, number>;
  /** Edges that were taken out to open cycles: they run from right to left. */
  readonly back: ReadonlySet<GraphEdge>;
}

/** Puts every enver into a column by its longest way from an enver that consumes nothing. */
export function layersOf(graph: ContractsGraph): Layers {
  const back = backEdges(graph);
  const inputs = producersByConsumer(graph, back);
  const layers = new Map<string, number>();
  const place = (start: string) => {
    const work = [start];
    for (let id = work.at(-1); id !== undefined; id = work.at(-1)) {
      const producers = inputs.get(id) ?? [];
      const open = producers.filter((producer) => !layers.has(producer));
      if (open.length > 0) work.push(...open);
      else {
        layers.set(id, Math.max(-1, ...producers.map((producer) => layers.get(producer) ?? 0)) + 1);
        work.pop();
      }
    }
  };
  for (const { id } of graph.nodes) place(id);
  return { of: layers, back };
}

/** Opens every cycle: first at consumptions with a placeholder, which wait for nobody, then anywhere. */
function backEdges(graph: ContractsGraph): Set<GraphEdge> {
  const back = new Set<GraphEdge>();
  for (;;) {
    const [cycle] = cycles(producersByConsumer(graph, back));
    if (!cycle) return back;
    const members = new Set(cycle);
    const inside = graph.edges.filter(
      (edge) => !back.has(edge) && members.has(edge.from) && members.has(edge.to),
    );
    const chosen = inside.find(({ placeholder }) => placeholder) ?? inside[0];
    if (!chosen) return back;
    back.add(chosen);
  }
}

function producersByConsumer(graph: ContractsGraph, without: ReadonlySet<GraphEdge>): DependencyGraph {
  const producers = new Map<string, string[]>(graph.nodes.map(({ id }) => [id, []]));
  for (const edge of graph.edges) if (!without.has(edge)) producers.get(edge.to)?.push(edge.from);
  return producers;
}
