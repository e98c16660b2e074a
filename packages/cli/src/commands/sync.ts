import { Command } from 'commander';
import { json, line } from '../output.js';
import { openPlatform, type PlatformOption, withPlatform } from '../platform.js';
import type { Terminal } from '../terminal.js';

interface Options extends PlatformOption {
  readonly force: string;
  readonly json?: true;
}

export function syncCommand(terminal: Terminal): Command {
  const command = new Command('sync')
    .summary('apply contracts that do not follow those in force')
    .description(
      `Apply the newest published contracts although their history does not contain the commit of those in force, as
after their branch was rewritten. Contracts that follow are applied by themselves. Everything else is checked as ever.
For those who run the platform.`,
    )
    .requiredOption('--force <sha>', 'the commit of the newest published contracts, in full')
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', '\nExample:\n  odmd sync --force 1f0c3a5e7b9d2c4e6a8b0d1f3c5e7a9b1d3f5c7e');
  return withPlatform(command).action(async ({ force: sha, ...options }: Options) => {
    await (await openPlatform(terminal, options)).applyContracts(sha);
    if (options.json) json(terminal, { sha, applied: true });
    else line(terminal, `the contracts of ${sha} are in force`);
  });
}
