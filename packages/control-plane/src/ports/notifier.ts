import type { RevisionRef } from '@ondemandenv/contracts-base';
import type { Phase } from '../domain/records.js';

/** Tells a person what became of something they did, where they look (a commit or pull request in production). */
export interface Notifier {
  answer(to: { repo: string; ref: string; sha: string }, answer: Answer): Promise<void>;
  /** Tells the team of an enver that a product it consumes has changed, and that nothing was done about it. */
  alarm(alarm: { enver: string; message: string }): Promise<void>;
  /**
   * Tells whoever works on a branch or tag how its clones are. Idempotent: the newest report takes the place of the
   * one before, in one place. `repo` is `owner/name`.
   */
  report(to: { repo: string; revision: RevisionRef }, report: RefReport): Promise<void>;
}

export interface Answer {
  readonly level: 'info' | 'error';
  readonly message: string;
  /** Good to know for somebody who looks at this moment, and not worth keeping. */
  readonly passing?: true;
}

/** How the clones of a branch or tag are. */
export interface RefReport {
  /** By id; none when all are gone. */
  readonly envers: readonly EnverReport[];
  /** The line of a commit message that removes them: `odmd: delete`. */
  readonly removal: string;
}

export interface EnverReport {
  readonly id: string;
  readonly build: string;
  readonly phase: Phase;
  /** Why it is in this phase, for a person. */
  readonly reason: string;
  /** Epoch milliseconds at which it goes if nothing is pushed before. */
  readonly expiresAt?: number;
  /** What it has published for people to read; `value` is canonical JSON text. Only products declared `public: true`. */
  readonly products: readonly { readonly name: string; readonly value: string }[];
}
