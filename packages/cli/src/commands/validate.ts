import type { Finding } from '@ondemandenv/contracts-base';
import { Command } from 'commander';
import { Exit, ExitCode } from '../exit.js';
import { count, json, line, styled } from '../output.js';
import type { Terminal } from '../terminal.js';

interface Options {
  readonly app: string;
  readonly json?: true;
}

export function validateCommand(terminal: Terminal): Command {
  return new Command('validate')
    .summary('check every rule of the contracts')
    .description('Check every rule of the contracts and report all violations at once.')
    .option('--app <path>', 'package folder of the contracts, or their compiled module', '.')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  odmd validate                       the package in this folder
  odmd validate --app dist/index.js   one module
  odmd validate --json | jq '.errors[].code'`,
    )
    .action((options: Options) => validate(terminal, options));
}

async function validate(terminal: Terminal, options: Options): Promise<void> {
  const { loadContracts, synthesize } = await import('../app.js');
  const contracts = await loadContracts(options.app, terminal.cwd);
  const result = synthesize(contracts, options.app);
  const errors = result.ok ? [] : result.errors;
  if (options.json) json(terminal, { ok: result.ok, org: contracts.org, errors, warnings: result.warnings });
  else {
    await printFindings(terminal, errors, result.warnings, terminal.out);
    if (result.ok)
      line(
        terminal,
        `${styled(terminal, 'green', 'valid')}: the contracts of ${contracts.org}, ${count(Object.keys(result.manifest.envers).length, 'enver')}`,
      );
  }
  if (!result.ok) throw new Exit(ExitCode.failure);
}

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
