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

/** Wherever in its name the id is: a tag keeps the workflow file that it was made with. */
export function isRunOf(run: Run, dispatchId: string): boolean {
  return isGenerated(run) && run.display_title.split(' ').includes(dispatchId);
}

/** @returns nothing for another workflow, or another name */
export function namedRun(run: Run): NamedRun | undefined {
  if (!isGenerated(run)) return undefined;
  // The dispatch id comes first, whatever GitHub may cut off; it is empty for a run that was started by hand.
  const [, dispatchId, enver] = /^ODMD (?:deploy|teardown) (\S*) (\S+)$/.exec(run.display_title) ?? [];
  return dispatchId === undefined || enver === undefined ? undefined : { dispatchId, enver };
}

/** Anybody may give a run of a workflow of their own any name. */
function isGenerated({ path }: Run): boolean {
  return path.startsWith('.github/workflows/ODMD_');
}
