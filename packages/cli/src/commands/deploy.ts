import { Command } from 'commander';
import { Exit, ExitCode } from '../exit.js';
import { positiveNumber } from '../numbers.js';
import { json, line } from '../output.js';
import { openPlatform, type PlatformOption, withPlatform } from '../platform.js';
import type { Terminal } from '../terminal.js';

interface Options extends PlatformOption {
  readonly wait?: true;
  readonly timeout: number;
  readonly json?: true;
}

export function deployCommand(terminal: Terminal): Command {
  const command = new Command('deploy')
    .summary('deploy an enver now')
    .description(
      'Deploy an enver with the newest values of everything it uses, whatever it failed with or is blocked by.',
    )
    .argument('<enver>', 'id of the enver, as odmd status shows it')
    .option('--wait', 'wait until it is deployed or has failed (exit code 1)')
    .option('--timeout <seconds>', 'how long to wait at most', positiveNumber, 600)
    .option('--json', 'print the answer as JSON')
    .addHelpText(
      'after',
      `
Example:
  odmd deploy order-manager/b..main --wait

Exit code 75: the platform is still busy after --timeout.`,
    );
  return withPlatform(command).action(async (enver: string, options: Options) => {
    const platform = await openPlatform(terminal, options);
    await platform.enver(enver);
    await platform.deploy(enver);
    if (!options.wait) {
      if (options.json) json(terminal, { enver });
      else line(terminal, `${enver} will be deployed`);
      return;
    }
    const { phase, reason } = await platform.waitFor(enver, options.timeout * 1000);
    if (options.json) json(terminal, { enver, phase, reason });
    else line(terminal, `${enver} ${phase}: ${reason}`);
    if (phase !== 'deployed') throw new Exit(ExitCode.failure);
  });
}
