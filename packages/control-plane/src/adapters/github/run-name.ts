/** What the name of a job's run says: `ODMD deploy <dispatch id> <enver id>`, or `ODMD teardown …`. */
export interface NamedRun {
  readonly dispatchId: string;
  readonly enver: string;
}

/** A run of a generated workflow, as GitHub lists it and tells of it. */
interface Run {
  /** Of its workflow file. */
  readonly path: string;
  readonly display_title: string;
}

/** @returns nothing for another workflow: anybody may give a run of one of their own any name */
export function namedRun({ path, display_title }: Run): NamedRun | undefined {
  if (!path.startsWith('.github/workflows/ODMD_')) return undefined;
  // The dispatch id comes first, whatever GitHub may cut off; it is empty for a run that was started by hand.
  const [, dispatchId, enver] = /^ODMD (?:deploy|teardown) (\S*) (\S+)$/.exec(display_title) ?? [];
  return dispatchId === undefined || enver === undefined ? undefined : { dispatchId, enver };
}
