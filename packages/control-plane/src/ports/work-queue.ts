/** A hint that something may have to be done. It says where to look, never what to do. */
export type Work =
  | { readonly kind: 'enver'; readonly id: string }
  /** `repo` is `owner/name`, `ref` a full git name. */
  | { readonly kind: 'ref'; readonly repo: string; readonly ref: string }
  /**
   * Whoever works on this ref has to be told how its clones are; `again`: although nothing has changed, since they may
   * look elsewhere now.
   */
  | { readonly kind: 'report'; readonly repo: string; readonly ref: string; readonly again?: true }
  | { readonly kind: 'sync' };

/** Work and its cause (see `WorkQueue.send`). */
export interface Hint {
  readonly work: Work;
  readonly cause: string;
}

export interface Delivery {
  readonly work: Work;
  readonly receipt: string;
  /** 1 at the first delivery. */
  readonly attempt: number;
}

/**
 * At-least-once queue, first in first out per group: while one delivery of a group is neither done nor returned,
 * no other of that group is received (SQS FIFO in production).
 */
export interface WorkQueue {
  /** `cause` is unique per cause (deduplication id): the same cause twice may be delivered once. */
  send(work: Work, cause: string): Promise<void>;
  /** As `send`, many at once. */
  sendMany(hints: readonly Hint[]): Promise<void>;
  /** At most `max` deliveries, of different groups; an empty list when nothing is ready. */
  receive(max: number): Promise<Delivery[]>;
  done(delivery: Delivery): Promise<void>;
  /** Puts the delivery back at the head of its group, to be received again after `delayMs`. */
  retry(delivery: Delivery, delayMs: number): Promise<void>;
}

/** Deliveries of equal groups are handled one at a time. */
export function groupOf(work: Work): string {
  switch (work.kind) {
    case 'enver':
      return `enver:${work.id}`;
    // What is answered and what is reported about a ref stands in one text, which nobody else may write meanwhile.
    case 'ref':
    case 'report':
      return `ref:${work.repo}:${work.ref}`;
    case 'sync':
      return 'sync';
  }
}
