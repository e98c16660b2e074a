import { Command } from 'commander';
import { withApp } from '../contract-options.js';
import { Exit, ExitCode } from '../exit.js';
import { printFindings } from '../findings.js';
import { count, json, line, styled } from '../output.js';
import type { Terminal } from '../terminal.js';

interface Options {
  readonly app: string;
  readonly json?: true;
}

export function validateCommand(terminal: Terminal): Command {
  const command = new Command('validate')
    .summary('check every rule of the contracts')
    .description('Check every rule of the contracts and report all violations at once.')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  odmd validate                       the package in this folder
  odmd validate --app dist/index.js   one module
  odmd validate --json | jq '.errors[].code'`,
    );
  return withApp(command).action((options: Options) => validate(terminal, options));
}

async function validate(terminal: Terminal, options: Options): Promise<void> {
  const { loadContracts, synthesize } = await import('../app.js');
  const contracts = await loadContracts(options.app, terminal.cwd, terminal.err);
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
