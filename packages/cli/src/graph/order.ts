import type { Block, Item } from './block.js';

const SWEEPS = 16;

/**
 * Sorts blocks, and boxes in them, by where their neighbours are: several times over all columns, in both directions
 * (the barycentre method of Sugiyama, Tagawa and Toda, 1981).
 */
export function orderColumns(columns: readonly Block[][]): void {
  const rank = new Map<Item, number>();
  const remember = (blocks: readonly Block[]) => {
    const items = blocks.flatMap((block) => block.items);
    items.forEach((item, index) => {
      rank.set(item, (index + 0.5) / items.length);
    });
  };
  for (const blocks of columns) {
    for (const block of blocks) block.items.sort(byName);
    blocks.sort((a, b) => compare(a.account ?? '', b.account ?? '') || byName(first(a), first(b)));
    remember(blocks);
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const leftwards = sweep % 2 === 1;
    for (const blocks of leftwards ? columns.toReversed() : columns) {
      const wanted = (item: Item): number => {
        const beside = item.beside.filter((other) =>
          leftwards ? other.layer > item.layer : other.layer < item.layer,
        );
        return mean(beside.map((other) => rank.get(other) ?? 0.5)) ?? rank.get(item) ?? 0.5;
      };
      for (const block of blocks) sortItems(block, wanted);
      const middle = new Map(blocks.map((block) => [block, mean(block.items.map(wanted)) ?? 0]));
      blocks.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
      remember(blocks);
    }
  }
}

/** Envers of one build stay together. */
function sortItems(block: Block, wanted: (item: Item) => number): void {
  const wishes = new Map(block.items.map((item) => [item, wanted(item)]));
  const builds = new Map<string, number[]>();
  for (const [item, wish] of wishes) builds.set(item.build, [...(builds.get(item.build) ?? []), wish]);
  const ofBuild = ({ build }: Item) => mean(builds.get(build) ?? []) ?? 0;
  block.items.sort(
    (a, b) =>
      ofBuild(a) - ofBuild(b) ||
      compare(a.build, b.build) ||
      (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0) ||
      byName(a, b),
  );
}

function first({ items }: Block): Item {
  const [item] = items;
  if (!item) throw new Error('unreachable: no block is empty');
  return item;
}

function byName(a: Item, b: Item): number {
  return compare(a.build, b.build) || compare(a.id ?? '', b.id ?? '');
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
