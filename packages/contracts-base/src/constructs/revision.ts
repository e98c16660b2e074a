import { type RevisionRef, revisionPath } from '../naming/index.js';

/** A branch (mutable: redeploys when its source changes) or a tag (immutable: built once). */
export class Revision implements RevisionRef {
  static branch(ref: string): Revision {
    return new Revision('branch', ref);
  }

  static tag(ref: string): Revision {
    return new Revision('tag', ref);
  }

  /** `b..main`, `t..v1.2.0`. */
  readonly path: string;

  private constructor(
    readonly kind: 'branch' | 'tag',
    readonly ref: string,
  ) {
    this.path = revisionPath(this);
  }

  get immutable(): boolean {
    return this.kind === 'tag';
  }
}
