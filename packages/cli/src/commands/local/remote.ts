import { Command } from 'commander';
import { line } from '../../output.js';
import { type HomeOption, openLocal, withHome } from '../../platform.js';
import type { Terminal } from '../../terminal.js';

export function remoteCommand(terminal: Terminal): Command {
  const command = new Command('remote')
    .summary('print the git address of a repository')
    .description('Print the address to which a repository of the contracts is pushed.')
    .argument('<owner/name>', 'a repository of the contracts')
    .addHelpText('after', '\nExample:\n  git remote add platform "$(odmd local remote coffee/shop)"');
  return withHome(command).action(async (name: string, options: HomeOption) => {
    const { repos } = await (await openLocal(terminal, options)).status();
    const repo = repos.find((known) => known.name === name);
    if (repo) return line(terminal, repo.url);
    const { OdmdError } = await import('@ondemandenv/contracts-base');
    throw new OdmdError('ODMD710', 'the platform has no such repository', {
      where: name,
      fix: `use one of ${repos.map((known) => known.name).join(', ')}, or declare it in the contracts and push them`,
    });
  });
}
