import { Command } from 'commander';
import { line } from '../../output.js';
import { type HomeOption, openLocal, withHome } from '../../platform.js';
import type { Terminal } from '../../terminal.js';

export function stopCommand(terminal: Terminal): Command {
  const command = new Command('stop')
    .summary('stop the platform')
    .description('Stop the platform with every job and service. What it knows stays in its folder.')
    .addHelpText('after', '\nExample:\n  odmd local stop --home /tmp/shop');
  return withHome(command).action(async (options: HomeOption) => {
    await (await openLocal(terminal, options)).stop();
    line(terminal, 'stopped');
  });
}
