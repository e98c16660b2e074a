import { fullRef, type RevisionRef, refKey } from '@ondemandenv/contracts-base';

/** What a job has really deployed. */
export interface Deployed {
  readonly dispatchId: string;
  readonly tree: string;
  readonly sha: string;
  /** Product path → value, as canonical JSON. */
  readonly values: Readonly<Record<string, string>>;
}

/** What the last command of a ref says about the clone of a build: `unknown` where the rules leave it open. */
type Wish = 'create' | 'delete' | 'unknown';

/** What is true outside the platform, known to the simulator because it did it itself. */
export class Ledger {
  readonly deployed = new Map<string, Deployed>();
  /** Envers whose jobs may have made something that nobody has torn down. */
  readonly made = new Set<string>();
  /** Jobs that stopped without anybody being told. */
  readonly silent = new Set<string>();
  /** Envers that somebody has let go after they left the contracts. */
  readonly retiring = new Set<string>();
  /** `enver path version` of every approval that was granted by somebody who may. */
  readonly granted = new Set<string>();
  /** `path version#hash` of a product → the dispatch whose job wrote it. */
  readonly publishedBy = new Map<string, string>();
  private readonly wishes = new Map<string, Wish>();

  wish(repo: string, revision: RevisionRef, build: string, wish: Wish): void {
    const key = `${refKey(repo, fullRef(revision))} ${build}`;
    // Whoever asks for what is there already gets what is there, with the end that it was to have.
    if (wish === 'create' && this.wishes.get(key) === 'unknown') return;
    this.wishes.set(key, wish);
  }

  wishOf(repo: string, revision: RevisionRef, build: string): Wish | undefined {
    return this.wishes.get(`${refKey(repo, fullRef(revision))} ${build}`);
  }

  /** Every ref and build of which somebody wanted a clone. */
  get wanted(): { ref: string; build: string }[] {
    return [...this.wishes].flatMap(([key, wish]) => {
      const at = key.lastIndexOf(' ');
      return wish === 'create' ? [{ ref: key.slice(0, at), build: key.slice(at + 1) }] : [];
    });
  }
}
