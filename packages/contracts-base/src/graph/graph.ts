/** A directed graph by adjacency: node → the nodes it depends on. */
export type DependencyGraph = ReadonlyMap<string, readonly string[]>;

/**
 * Strongly connected components, dependencies first (Tarjan 1972, iterative, so that depth does not matter).
 * A component with one node is no cycle unless the node depends on itself. Nodes that are no key of the graph are left out.
 */
export function components(graph: DependencyGraph): string[][] {
  const visits = new Map<string, Visit>();
  const open: Visit[] = [];
  const found: string[][] = [];
  const enter = (node: string, edges: readonly string[]): Visit => {
    const visit = { node, edges, next: 0, index: visits.size, low: visits.size, isOpen: true };
    visits.set(node, visit);
    open.push(visit);
    return visit;
  };
  for (const [start, dependencies] of graph) {
    if (visits.has(start)) continue;
    const work = [enter(start, dependencies)];
    for (let visit = work.at(-1); visit; visit = work.at(-1)) {
      const edge = visit.edges[visit.next++];
      if (edge !== undefined) {
        const known = visits.get(edge);
        const edges = known ? undefined : graph.get(edge);
        if (known?.isOpen) visit.low = Math.min(visit.low, known.index);
        else if (edges) work.push(enter(edge, edges));
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent) parent.low = Math.min(parent.low, visit.low);
      if (visit.low < visit.index) continue;
      const component = open.splice(open.lastIndexOf(visit));
      for (const member of component) member.isOpen = false;
      found.push(component.map(({ node }) => node).sort());
    }
  }
  return found;
}

/** A node that was reached, and how far its edges have been followed. */
interface Visit {
  readonly node: string;
  readonly edges: readonly string[];
  next: number;
  readonly index: number;
  low: number;
  /** Its component is not complete. */
  isOpen: boolean;
}

/** Every node that `start` depends on, directly or not; `start` itself only when it lies on a cycle. */
export function reachable(graph: ReadonlyMap<string, Iterable<string>>, start: string): Set<string> {
  const seen = new Set<string>();
  const todo = [start];
  for (let node = todo.pop(); node !== undefined; node = todo.pop())
    for (const next of graph.get(node) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      todo.push(next);
    }
  return seen;
}

/** The components that are cycles, dependencies first; each is named by its nodes in alphabetical order. */
export function cycles(graph: DependencyGraph): string[][] {
  return components(graph).filter(
    (component) => component.length > 1 || component.some((node) => graph.get(node)?.includes(node) ?? false),
  );
}
