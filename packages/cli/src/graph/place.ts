import { type Block, BOX_GAP, blockHeight, FRAME, type Item } from './block.js';

const PASSES = 10;
const FRAME_GAP = 18;
const LANE_GAP = 6;

/** The top of every block and item, in pixels, and the height of it all. */
export interface Placed {
  readonly blocks: ReadonlyMap<Block, number>;
  readonly items: ReadonlyMap<Item, number>;
  readonly bottom: number;
}

/** Puts the blocks of each column below each other, as near as possible to what their items are connected with. */
export function place(columns: readonly Block[][], top: number): Placed {
  const height = Math.max(...columns.map(columnHeight), 0);
  const blockTops = new Map<Block, number>();
  const tops = new Map<Item, number>();
  const put = (block: Block, y: number) => {
    blockTops.set(block, y);
    let at = block.account === undefined ? y : y + FRAME.head;
    for (const item of block.items) {
      tops.set(item, at);
      at += item.height + BOX_GAP;
    }
  };
  for (const blocks of columns) {
    let y = top + (height - columnHeight(blocks)) / 2;
    for (const [index, block] of blocks.entries()) {
      put(block, y);
      y += blockHeight(block) + gapAfter(block, blocks[index + 1]);
    }
  }
  const centre = (item: Item) => (tops.get(item) ?? top) + item.height / 2;
  const wanted = (block: Block): number => {
    const pulls = block.items.flatMap((item) => item.beside.map((other) => centre(other) - centre(item)));
    const pull = pulls.length === 0 ? 0 : pulls.reduce((sum, value) => sum + value, 0) / pulls.length;
    return (blockTops.get(block) ?? top) + pull;
  };
  for (let pass = 0; pass < PASSES; pass++)
    for (const blocks of pass % 2 === 0 ? columns : columns.toReversed())
      settle(blocks, blocks.map(wanted), top, height).forEach((y, index) => {
        const block = blocks[index];
        if (block) put(block, y);
      });
  return { blocks: blockTops, items: tops, bottom: top + height };
}

/** The wanted tops, pushed apart where blocks would overlap, and kept between top and bottom. */
function settle(blocks: readonly Block[], wanted: readonly number[], top: number, height: number): number[] {
  const tops: number[] = [];
  let free = top;
  for (const [index, block] of blocks.entries()) {
    const y = Math.max(free, wanted[index] ?? free);
    tops.push(y);
    free = y + blockHeight(block) + gapAfter(block, blocks[index + 1]);
  }
  let limit = top + height;
  for (const [index, block] of [...blocks.entries()].reverse()) {
    const y = Math.min(tops[index] ?? top, limit - blockHeight(block));
    tops[index] = y;
    const above = blocks[index - 1];
    limit = y - (above ? gapAfter(above, block) : 0);
  }
  return tops;
}

function columnHeight(blocks: readonly Block[]): number {
  return blocks.reduce(
    (sum, block, index) => sum + blockHeight(block) + gapAfter(block, blocks[index + 1]),
    0,
  );
}

function gapAfter(block: Block, next: Block | undefined): number {
  if (!next) return 0;
  return block.account === undefined && next.account === undefined ? LANE_GAP : FRAME_GAP;
}
