/** What `odmd explain` says of a code. */
export interface CodeEntry {
  readonly code: string;
  /** The package that reports it, without its scope. */
  readonly package: string;
  /** `error` ends what was asked for, `warning` does not, `later` means that the same may succeed later. */
  readonly severity: 'error' | 'warning' | 'later';
  /** One line: what it means. */
  readonly title: string;
  /** Present on rules: the reason for it. */
  readonly why?: string;
  /** What to do about it. */
  readonly fix: string;
}

/** Codes as they are written down: `later` only where it is so. */
export type Listed = Readonly<Record<string, { title: string; fix: string; later?: true }>>;

export function entriesOf(name: string, listed: Listed): CodeEntry[] {
  return Object.entries(listed).map(([code, { title, fix, later }]) => ({
    code,
    package: name,
    severity: later ? 'later' : 'error',
    title,
    fix,
  }));
}
