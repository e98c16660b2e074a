import { type Block, blockHeight, type Item } from './block.js';
import type { Layers } from './layers.js';
import type { ContractsGraph, GraphEdge } from './model.js';
import { orderColumns } from './order.js';

export interface Columns {
  /** From left to right; the blocks of each from top to bottom. */
  readonly columns: readonly Block[][];
  readonly itemOf: ReadonlyMap<string, Item>;
  /** The lanes through which an arrow goes, from left to right. */
  passes(edge: GraphEdge): readonly Item[];
}

const LANE_HEIGHT = 8;

/** Fills the columns and orders them so that few arrows cross. */
export function columnsOf(graph: ContractsGraph, layers: Layers, height: (id: string) => number): Columns {
  const count = Math.max(0, ...layers.of.values()) + 1;
  const columns = Array.from({ length: count }, (): Block[] => []);
  const itemOf = new Map<string, Item>();
  const add = ({ id, build, account }: ContractsGraph['nodes'][number], layer: number) => {
    const item: Item = { layer, height: height(id), build, id, beside: [] };
    const known = columns[layer]?.find((block) => block.account === account);
    if (known) known.items.push(item);
    else columns[layer]?.push({ layer, account, items: [item] });
    itemOf.set(id, item);
  };
  const connected = new Set(graph.edges.flatMap(({ from, to }) => [from, to]));
  for (const node of graph.nodes) if (connected.has(node.id)) add(node, layers.of.get(node.id) ?? 0);
  const passes = lanes(graph, layers.back, itemOf, columns);
  // What nothing is connected with goes where there is room.
  for (const node of graph.nodes) if (!connected.has(node.id)) add(node, emptiest(columns));
  orderColumns(columns);
  return { columns, itemOf, passes: (edge) => passes.get(edge) ?? [] };
}

/** Gives every arrow that skips columns its lanes. Arrows from one enver share them. */
function lanes(
  graph: ContractsGraph,
  back: ReadonlySet<GraphEdge>,
  itemOf: ReadonlyMap<string, Item>,
  columns: readonly Block[][],
): Map<GraphEdge, Item[]> {
  const shared = new Map<string, Item>();
  const passes = new Map<GraphEdge, Item[]>();
  for (const edge of graph.edges) {
    const [from, to] = [itemOf.get(edge.from), itemOf.get(edge.to)];
    if (!from || !to || back.has(edge)) continue;
    const own: Item[] = [];
    let last = from;
    for (let layer = from.layer + 1; layer < to.layer; layer++) {
      const key = `${layer} ${edge.from}`;
      const known = shared.get(key);
      const lane: Item = known ?? { layer, height: LANE_HEIGHT, build: key, beside: [] };
      if (!known) {
        shared.set(key, lane);
        columns[layer]?.push({ layer, items: [lane] });
        connect(last, lane);
      }
      own.push(lane);
      last = lane;
    }
    connect(last, to);
    passes.set(edge, own);
  }
  return passes;
}

function connect(left: Item, right: Item): void {
  left.beside.push(right);
  right.beside.push(left);
}

function emptiest(columns: readonly Block[][]): number {
  const heights = columns.map((blocks) => blocks.reduce((sum, block) => sum + blockHeight(block), 0));
  return heights.indexOf(Math.min(...heights));
}
