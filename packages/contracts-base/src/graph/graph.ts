/** A directed graph by adjacency: node → the nodes it depends on. */
export type DependencyGraph = ReadonlyMap<string, readonly string[]>;

/**
 * Strongly connected components, dependencies first (Tarjan 1972, iterative, so that depth does not matter).
 * A component with one node is no cycle unless the node depends on itself. Nodes that are no key of the graph are left out.
 */
export function components(graph: DependencyGraph): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  const found: string[][] = [];

  for (const start of graph.keys()) {
    if (index.has(start)) continue;
    const work: { node: string; next: number }[] = [{ node: start, next: 0 }];
    while (work.length > 0) {
      const frame = work[work.length - 1];
      if (frame === undefined) break;
      const { node } = frame;
      if (frame.next === 0) {
        index.set(node, index.size);
        low.set(node, index.size - 1);
        stack.push(node);
        onStack.add(node);
      }
      const edge = graph.get(node)?.[frame.next++];
      if (edge !== undefined) {
        if (!graph.has(edge)) continue;
        if (!index.has(edge)) work.push({ node: edge, next: 0 });
        else if (onStack.has(edge)) lower(low, node, index.get(edge));
        continue;
      }
      work.pop();
      const parent = work[work.length - 1];
      if (parent) lower(low, parent.node, low.get(node));
      if (low.get(node) !== index.get(node)) continue;
      const component: string[] = [];
      for (let member = stack.pop(); member !== undefined; member = stack.pop()) {
        onStack.delete(member);
        component.push(member);
        if (member === node) break;
      }
      found.push(component.sort());
    }
  }
  return found;
}

/** Every node that `start` depends on, directly or not; `start` itself only when it lies on a cycle. */
export function reachable(graph: DependencyGraph, start: string): Set<string> {
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

function lower(low: Map<string, number>, node: string, candidate: number | undefined): void {
  const current = low.get(node);
  if (candidate !== undefined && (current === undefined || candidate < current)) low.set(node, candidate);
}
