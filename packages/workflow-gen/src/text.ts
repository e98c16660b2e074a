/**
 * What GitHub fills in when a run starts. There is no other expression in a generated workflow: whatever a person or a
 * commit can influence reaches a job as the value of a variable or of an action's input.
 */
export type RunReference =
  | 'github.ref'
  | 'github.token'
  | 'inputs.dispatch'
  | 'inputs.enver'
  | 'inputs.reason'
  | 'inputs.sha || github.sha';
/** Known once a runner works on the job, so in the fields of its steps only. */
export type StepReference = RunReference | 'runner.temp';

export interface Expression<R extends StepReference> {
  readonly expression: R;
}

/** Text, or text with references in it. A string is always taken literally, also when it has `${{` in it. */
export type Text<R extends StepReference> = string | readonly (string | Expression<R>)[];

/** The value of a reference, alone or as a part of a text. */
export function value<R extends StepReference>(expression: R): Expression<R> {
  return { expression };
}

/**
 * A text in the words of a workflow file. What looks like the start of an expression in literal text becomes an
 * expression that says just that.
 *
 * @example written(['odmd-', value('github.ref')]) // 'odmd-${{ github.ref }}'
 */
export function written(text: Text<StepReference>): string {
  const parts = typeof text === 'string' ? [text] : text;
  let result = '';
  let literal = '';
  for (const part of parts) {
    // Collected first: two harmless pieces could make a `${{` together.
    if (typeof part === 'string') literal += part;
    else {
      result += `${inert(literal)}\${{ ${part.expression} }}`;
      literal = '';
    }
  }
  return result + inert(literal);
}

/** What begins an expression, wherever it stands. */
const START = `\${{`;

/** Text that GitHub reads back as exactly this text. */
function inert(literal: string): string {
  return literal.replaceAll(START, `${START} '${START}' }}`);
}
