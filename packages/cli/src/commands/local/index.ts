import { Command } from 'commander';
import type { Terminal } from '../../terminal.js';
import { eventsCommand } from './events.js';
import { logCommand } from './log.js';
import { remoteCommand } from './remote.js';
import { serviceCommand } from './service.js';
import { startCommand } from './start.js';
import { stopCommand } from './stop.js';

export function localCommand(terminal: Terminal): Command {
  const local = new Command('local')
    .summary('run the whole platform on this machine')
    .description(
      'Run the whole platform on this machine: git repositories, jobs and services, nothing in a cloud.',
    )
    .addHelpText(
      'after',
      `
Examples:
  odmd local start --contracts-repo coffee/contracts
  git remote add platform "$(odmd local remote coffee/contracts)" && git push platform main
  odmd local log order-manager/b..main`,
    );
  for (const command of [startCommand, stopCommand, remoteCommand, logCommand, eventsCommand, serviceCommand])
    local.addCommand(command(terminal));
  return local;
}
