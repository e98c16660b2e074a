import type { Finding } from '@ondemandenv/contracts-base';
import { count, styled } from './output.js';
import type { Terminal } from './terminal.js';

/** Errors, then warnings, each with its fix, then how many there are. */
export async function printFindings(
  terminal: Terminal,
  errors: readonly Finding[],
  warnings: readonly Finding[],
  print: (text: string) => void,
): Promise<void> {
  if (errors.length + warnings.length === 0) return;
  const { formatFinding } = await import('@ondemandenv/contracts-base');
  const show = (finding: Finding) => print(`${formatFinding(finding)}\n`);
  if (errors.length > 0) print(`${styled(terminal, 'red', 'Errors')}\n`);
  errors.forEach(show);
  if (warnings.length > 0) print(`${styled(terminal, 'yellow', 'Warnings')}\n`);
  warnings.forEach(show);
  print(`${count(errors.length, 'error')}, ${count(warnings.length, 'warning')}\n`);
}
