import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { withApp } from '../contract-options.js';
import { Exit, ExitCode } from '../exit.js';
import { printFindings } from '../findings.js';
import { failingInJson } from '../json-failure.js';
import { count, json, line } from '../output.js';
import type { Terminal } from '../terminal.js';

interface Options {
  readonly app: string;
  readonly out: string;
  readonly json?: true;
}

export function synthCommand(terminal: Terminal): Command {
  const command = new Command('synth')
    .summary('write the manifest of the contracts')
    .description(
      'Check the contracts and write their manifest, <out>/manifest.json. Nothing is written when a rule is broken.',
    )
    .option('--out <dir>', 'folder to write into', '.odmd')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  odmd synth                          .odmd/manifest.json of the package in this folder
  odmd synth --app contracts --out build --json`,
    );
  return withApp(command).action((options: Options) =>
    failingInJson(terminal, options.json === true, () => synth(terminal, options)),
  );
}

async function synth(terminal: Terminal, options: Options): Promise<void> {
  const { listenerOf, loadContracts, synthesize } = await import('../app.js');
  const listener = listenerOf(terminal, options);
  const contracts = await loadContracts(options.app, terminal.cwd, listener);
  const result = synthesize(contracts, options.app, listener);
  const errors = result.ok ? [] : result.errors;
  if (!options.json) await printFindings(terminal, errors, result.warnings, terminal.err);
  if (!result.ok) {
    if (options.json) json(terminal, { ok: false, errors, warnings: result.warnings });
    throw new Exit(ExitCode.failure);
  }
  const { readManifest, sha256, writeManifest } = await import('@ondemandenv/contracts-base');
  const bytes = writeManifest(result.manifest);
  readManifest(bytes); // made by the org's copy of the library: it may be of another release
  const file = join(resolve(terminal.cwd, options.out), 'manifest.json');
  const { writeFile } = await import('../write-file.js');
  writeFile(file, bytes);
  const { org, envers } = result.manifest;
  const digest = sha256(bytes);
  if (options.json) json(terminal, { ok: true, org, file, digest, warnings: result.warnings });
  else
    line(
      terminal,
      `${join(options.out, 'manifest.json')}: ${org}, ${count(Object.keys(envers).length, 'enver')}, sha256 ${digest.slice(0, 12)}`,
    );
}
