import { Command } from 'commander';
import { type HomeOption, openLocal, withHome } from '../../platform.js';
import type { Terminal } from '../../terminal.js';

export function logCommand(terminal: Terminal): Command {
  const command = new Command('log')
    .summary("print the log of an enver's newest job")
    .description("Print what an enver's newest job printed, so far.")
    .argument('<enver>', 'id of the enver, as odmd status shows it')
    .addHelpText('after', '\nExample:\n  odmd local log order-manager/b..main');
  return withHome(command).action(async (enver: string, options: HomeOption) => {
    const text = await (await openLocal(terminal, options)).log(enver);
    terminal.out(text === '' || text.endsWith('\n') ? text : `${text}\n`);
  });
}
