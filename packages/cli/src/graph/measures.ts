import type { GraphEdge } from './model.js';

/** Sizes of a box, in CSS pixels: its text, then below the head one slot for each arrow that ends there. */
export const BOX = { width: 208, head: 62, slotTop: 16, slot: 18, foot: 10 } as const;

const LABEL_MAX = 30;
const LABEL_CHARACTER = 6.8;

/** A box is as high as its text and its arrows need. */
export function boxHeight(arrows: number): number {
  return Math.max(BOX.head, BOX.slotTop + arrows * BOX.slot + BOX.foot - 8);
}

/** An arrow's label, short enough for a picture. */
export function textOf({ products, onChange }: GraphEdge): string {
  const suffix = onChange === 'deploy' ? '' : ` (${onChange})`;
  const names = products.join(', ');
  const first = products[0] ?? '';
  const short =
    names.length <= LABEL_MAX
      ? names
      : `${clipped(first)}${products.length > 1 ? ` +${products.length - 1}` : ''}`;
  return short + suffix;
}

/** Room that a label takes, estimated for a sans-serif font of 11 px. */
export function labelWidth(text: string): number {
  return Math.ceil(text.length * LABEL_CHARACTER);
}

/** A text that fits into a number of characters, its end kept, since names differ there. */
export function clipped(text: string, max: number = LABEL_MAX - 4): string {
  if (text.length <= max) return text;
  const tail = Math.floor(max / 2);
  return `${text.slice(0, max - tail - 1)}…${text.slice(-tail)}`;
}
