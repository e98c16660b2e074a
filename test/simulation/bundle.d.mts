/** The folder of the repository. */
export const root: string;

/** A change of one source that breaks it. */
export interface SourceChange {
  readonly name: string;
  /** Below `packages/`. */
  readonly file: string;
  /** Texts, each of which is in the file exactly once, and what stands there instead. */
  readonly replace: readonly (readonly [from: string, to: string])[];
}

/** @throws Error when the file does not have such a text any more, or is not part of the program */
export function load(entry: string, mutant?: SourceChange): Promise<unknown>;
