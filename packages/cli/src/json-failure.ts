import { Exit, ExitCode } from './exit.js';
import { json } from './output.js';
import type { Terminal } from './terminal.js';

/** Does it, and where JSON is wanted, a failure is JSON on standard output too, of the shape of a broken rule. */
export async function failingInJson(
  terminal: Terminal,
  wanted: boolean,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!wanted || error instanceof Exit) throw error;
    printFailure(terminal, error);
    throw new Exit(ExitCode.failure);
  }
}

/** `{ok: false, errors: [{code, message, where, fix}], warnings: []}`; what a failure does not have is left out. */
export function printFailure(terminal: Terminal, error: unknown): void {
  const { code, where, fix } = Object(error);
  const message = error instanceof Error ? error.message : String(error);
  json(terminal, { ok: false, errors: [{ code, message, where, fix }], warnings: [] });
}
