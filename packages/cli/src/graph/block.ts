/** What takes room in a column: a box, or a lane for arrows that pass. */
export interface Item {
  readonly layer: number;
  readonly height: number;
  /** Envers of one build stay together. */
  readonly build: string;
  /** Present on a box. */
  readonly id?: string;
  /** Items that arrows connect it with, in the columns beside it. */
  readonly beside: Item[];
}

/** What is moved as one: the boxes of one account in one column, or one lane. */
export interface Block {
  readonly layer: number;
  /** Present on boxes. */
  readonly account?: string;
  items: Item[];
}

export const BOX_GAP = 12;
/** Room for an account's name above its boxes, and below them. */
export const FRAME = { head: 26, foot: 10 } as const;

/** How much room a block takes. */
export function blockHeight({ account, items }: Block): number {
  const boxes = items.reduce((sum, { height }) => sum + height, 0) + BOX_GAP * (items.length - 1);
  return account === undefined ? boxes : FRAME.head + boxes + FRAME.foot;
}
