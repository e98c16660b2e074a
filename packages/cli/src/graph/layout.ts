import { type Block, blockHeight } from './block.js';
import { type Columns, columnsOf } from './columns.js';
import { type Layers, layersOf } from './layers.js';
import { BOX, boxHeight, labelWidth, textOf } from './measures.js';
import type { ContractsGraph, GraphEdge, GraphNode } from './model.js';
import { type Placed, place } from './place.js';
import { backRoute, forwardRoute, type Pass, type Point } from './routes.js';

export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Rectangle {
  readonly node: GraphNode;
}

/** The envers of an account in one column. */
export interface Frame extends Rectangle {
  readonly account: string;
}

export interface Arrow {
  readonly edge: GraphEdge;
  /** An SVG path. */
  readonly path: string;
  /** The label's text, and where it ends: just before the arrow's head. */
  readonly label: string;
  readonly labelAt: Point;
  /** It runs against the order, in a cycle. */
  readonly back: boolean;
}

/** A picture of contracts: all lengths in CSS pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Frame[];
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** Where a column's labels begin, and where its boxes do. */
interface Stretch {
  readonly start: number;
  readonly box: number;
}

const MARGIN = 16;
/** Between columns, for arrows that turn. */
const CHANNEL = 76;
const FRAME_PAD = 10;
/** Between arrows that go back below the picture. */
const BACK_LANE = 16;
/** Left of everything, for arrows that come back to the first column. */
const BACK_TURN = 24;

/**
 * Columns by dependency, from left to right, and in each column a frame for each account. Arrows that pass a column
 * have a lane there, and each arrow ends at a slot of its own, with room for its label in front of the box.
 */
export function layoutOf(graph: ContractsGraph): Layout {
  const into = new Map<string, GraphEdge[]>(graph.nodes.map(({ id }) => [id, []]));
  for (const edge of graph.edges) into.get(edge.to)?.push(edge);
  const layers = layersOf(graph);
  const columns = columnsOf(graph, layers, (id) => boxHeight(into.get(id)?.length ?? 0));
  const stretches = stretchesOf(graph, columns, layers);
  const placed = place(columns.columns, MARGIN);
  const boxes = boxesOf(graph, columns, stretches, placed);
  const back = [...layers.back];
  return {
    width: Math.ceil(
      (stretches.at(-1)?.box ?? 0) + BOX.width + FRAME_PAD + MARGIN + (back.length > 0 ? CHANNEL : 0),
    ),
    height: Math.ceil(placed.bottom + MARGIN + back.length * BACK_LANE),
    frames: columns.columns.flat().flatMap((block) => frameOf(block, stretches, placed)),
    boxes: [...boxes.values()],
    arrows: arrowsOf({ into, layers, columns, stretches, placed, boxes }),
  };
}

/** Each column is as wide as its boxes with the widest label of an arrow that ends there. */
function stretchesOf(graph: ContractsGraph, { columns, itemOf }: Columns, { back }: Layers): Stretch[] {
  const gutters = columns.map(() => 0);
  for (const edge of graph.edges) {
    const layer = itemOf.get(edge.to)?.layer ?? 0;
    gutters[layer] = Math.max(gutters[layer] ?? 0, labelWidth(textOf(edge)) + 30);
  }
  const comesBack = [...back].some(({ to }) => itemOf.get(to)?.layer === 0);
  let x = MARGIN + FRAME_PAD + (comesBack ? BACK_TURN : 0);
  return gutters.map((gutter) => {
    const stretch = { start: x, box: x + gutter };
    x = stretch.box + BOX.width + CHANNEL;
    return stretch;
  });
}

function boxesOf(
  graph: ContractsGraph,
  { itemOf }: Columns,
  stretches: readonly Stretch[],
  placed: Placed,
): Map<string, Box> {
  const boxes = new Map<string, Box>();
  for (const node of graph.nodes) {
    const item = itemOf.get(node.id);
    if (!item) continue;
    const x = stretches[item.layer]?.box ?? 0;
    boxes.set(node.id, { node, x, y: placed.items.get(item) ?? 0, width: BOX.width, height: item.height });
  }
  return boxes;
}

function frameOf(block: Block, stretches: readonly Stretch[], placed: Placed): Frame[] {
  const stretch = stretches[block.layer];
  if (block.account === undefined || !stretch) return [];
  const x = stretch.start - FRAME_PAD;
  const width = stretch.box + BOX.width + FRAME_PAD - x;
  return [{ account: block.account, x, y: placed.blocks.get(block) ?? 0, width, height: blockHeight(block) }];
}

function arrowsOf(picture: {
  readonly into: ReadonlyMap<string, readonly GraphEdge[]>;
  readonly layers: Layers;
  readonly columns: Columns;
  readonly stretches: readonly Stretch[];
  readonly placed: Placed;
  readonly boxes: ReadonlyMap<string, Box>;
}): Arrow[] {
  const { into, layers, columns, stretches, placed, boxes } = picture;
  const back = [...layers.back];
  const passOf = (item: { layer: number; height: number }, y: number): Pass => {
    const stretch = stretches[item.layer];
    const [from, to] = stretch ? [stretch.start - FRAME_PAD, stretch.box + BOX.width + FRAME_PAD] : [0, 0];
    return { from, to, y: y + item.height / 2 };
  };
  const arrows: Arrow[] = [];
  for (const target of boxes.values()) {
    const gate = stretches[columns.itemOf.get(target.node.id)?.layer ?? 0]?.start ?? 0;
    const arriving = (into.get(target.node.id) ?? []).map((edge) => {
      const passes = columns.passes(edge).map((item) => passOf(item, placed.items.get(item) ?? 0));
      const from = boxes.get(edge.from);
      return { edge, passes, from, y: passes.at(-1)?.y ?? (from ? from.y + BOX.head / 2 : 0) };
    });
    arriving.sort((a, b) => a.y - b.y);
    for (const [slot, { edge, passes, from }] of arriving.entries()) {
      if (!from) continue;
      const start = { x: from.x + from.width, y: from.y + BOX.head / 2 };
      const end = { x: target.x, y: target.y + BOX.slotTop + slot * BOX.slot };
      const lane = back.indexOf(edge);
      const path =
        lane < 0
          ? forwardRoute(start, passes, gate, end)
          : backRoute(start, { x: gate, y: end.y }, end, placed.bottom + MARGIN / 2 + lane * BACK_LANE);
      const labelAt = { x: end.x - 14, y: end.y };
      arrows.push({ edge, path, label: textOf(edge), labelAt, back: lane >= 0 });
    }
  }
  return arrows;
}
