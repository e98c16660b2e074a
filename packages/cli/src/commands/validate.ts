import type { Manifest } from '@ondemandenv/contracts-base';
import { Command } from 'commander';
import { type SourceOptions, withSource } from '../contract-options.js';
import { Exit, ExitCode } from '../exit.js';
import { printFindings } from '../findings.js';
import { failingInJson } from '../json-failure.js';
import { count, json, line, styled } from '../output.js';
import type { Terminal } from '../terminal.js';

interface Options extends SourceOptions {
  readonly json?: true;
}

export function validateCommand(terminal: Terminal): Command {
  const command = new Command('validate')
    .summary('check every rule of the contracts')
    .description(
      `Check every rule of the contracts and report all violations at once. Of a manifest, check that it has the shape
of its schema and nowhere contradicts itself; the rules of the contracts were checked when it was written.`,
    )
    .option('--json', 'print {ok, org, errors, warnings} as JSON; each error has {code, message, where, fix}')
    .addHelpText(
      'after',
      `
Examples:
  odmd validate                       the package in this folder
  odmd validate --app dist/index.js   one module
  odmd validate --manifest old.json   a manifest
  odmd validate --json | jq '.errors[].code'`,
    );
  return withSource(command).action((options: Options) =>
    failingInJson(terminal, options.json === true, () =>
      options.manifest === undefined
        ? validate(terminal, options)
        : validateManifest(terminal, options.manifest, options),
    ),
  );
}

async function validate(terminal: Terminal, options: Options): Promise<void> {
  const { listenerOf, loadContracts, synthesize } = await import('../app.js');
  const listener = listenerOf(terminal, options);
  const contracts = await loadContracts(options.app, terminal.cwd, listener);
  const result = synthesize(contracts, options.app, listener);
  const errors = result.ok ? [] : result.errors;
  if (options.json) json(terminal, { ok: result.ok, org: contracts.org, errors, warnings: result.warnings });
  else {
    await printFindings(terminal, errors, result.warnings, terminal.out);
    if (result.ok) printValid(terminal, 'contracts', result.manifest);
  }
  if (!result.ok) throw new Exit(ExitCode.failure);
}

async function validateManifest(terminal: Terminal, file: string, options: Options): Promise<void> {
  const { readManifestFile } = await import('../contract-source.js');
  const manifest = readManifestFile(file, terminal.cwd);
  if (options.json) json(terminal, { ok: true, org: manifest.org, errors: [], warnings: [] });
  else printValid(terminal, 'manifest', manifest);
}

function printValid(terminal: Terminal, what: string, { org, envers }: Manifest): void {
  const valid = styled(terminal, 'green', 'valid');
  line(terminal, `${valid}: the ${what} of ${org}, ${count(Object.keys(envers).length, 'enver')}`);
}
