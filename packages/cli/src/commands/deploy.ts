import { Command } from 'commander';
import { json, line } from '../output.js';
import { type HomeOption, openPlatform, withHome } from '../platform.js';
import type { Terminal } from '../terminal.js';

export function deployCommand(terminal: Terminal): Command {
  const command = new Command('deploy')
    .summary('deploy an enver now')
    .description(
      'Deploy an enver with the newest values of everything it uses, whatever it failed with or is blocked by.',
    )
    .argument('<enver>', 'id of the enver, as odmd status shows it')
    .option('--json', 'print the answer as JSON')
    .addHelpText(
      'after',
      `
Example:
  odmd deploy order-manager/b..main && odmd status --wait`,
    );
  return withHome(command).action(async (enver: string, options: HomeOption & { json?: true }) => {
    const platform = await openPlatform(terminal, options);
    await platform.deploy(enver);
    if (options.json) json(terminal, { enver });
    else line(terminal, `${enver} will be deployed`);
  });
}
