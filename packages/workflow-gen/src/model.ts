import type { PinnedAction } from './actions.js';
import type { RunReference, StepReference, Text } from './text.js';

/** What a job's token of GitHub may do. Every job says it; there is no default. */
export interface Permissions {
  readonly contents: 'read';
  /** Lets the job prove to AWS which repository, ref and workflow it is. */
  readonly idToken: 'write';
  readonly packages: 'read' | 'write';
}

/** A step that runs an action of the one table of pinned actions. */
export interface ActionStep {
  readonly name: string;
  readonly action: PinnedAction;
  /** By the names that the action gives them, written as they are. */
  readonly with: Readonly<Record<string, Text<StepReference>>>;
}

/** A step that runs a script. The script is plain text: values reach it by `env`. */
export interface ScriptStep {
  readonly name: string;
  readonly id?: string;
  /** Present on steps that depend on whether one of these earlier steps put out `later`. */
  readonly when?: { readonly later: boolean; readonly of: readonly [string, ...string[]] };
  /** By the names of the variables, written as they are. */
  readonly env?: Readonly<Record<string, Text<StepReference>>>;
  readonly script: string;
}

export interface Job {
  readonly id: string;
  readonly name: string;
  readonly runsOn: string;
  readonly permissions: Permissions;
  readonly timeoutMinutes: number;
  /** Of every step, by the names of the variables. */
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly [ActionStep | ScriptStep, ...(ActionStep | ScriptStep)[]];
}

/** An input that a dispatch gives; all of them are strings. */
export interface DispatchInput {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
}

/** A workflow that runs when it is dispatched, and never otherwise. */
export interface Workflow {
  /** Comment lines at the top of the file, without `# `. */
  readonly header: readonly [string, ...string[]];
  readonly name: string;
  readonly runName: Text<RunReference>;
  readonly inputs: readonly DispatchInput[];
  /** Of two runs in one group the second waits; a third replaces the second. */
  readonly concurrencyGroup: Text<RunReference>;
  readonly jobs: readonly [Job, ...Job[]];
}
