import { Command } from 'commander';
import { positiveNumber } from '../numbers.js';
import { json } from '../output.js';
import { type HomeOption, openPlatform, withHome } from '../platform.js';
import type { Terminal } from '../terminal.js';

interface Options extends HomeOption {
  readonly json?: true;
  readonly wait?: true;
  readonly timeout: number;
}

export function statusCommand(terminal: Terminal): Command {
  const command = new Command('status')
    .summary('show every enver, or one with its details')
    .description(
      'Show every enver: what it does and why, its source and where it answers; or one with its details.',
    )
    .argument('[enver]', 'id of one enver')
    .option('--wait', 'first wait until the platform has nothing left to do')
    .option('--timeout <seconds>', 'how long to wait at most', positiveNumber, 60)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  odmd status
  odmd status web-client/b..main
  odmd status --wait --json | jq '.envers[] | select(.phase == "failed")'

Exit code 75: it is still busy after --timeout.`,
    );
  return withHome(command).action((enver: string | undefined, options: Options) =>
    status(terminal, enver, options),
  );
}

async function status(terminal: Terminal, enver: string | undefined, options: Options): Promise<void> {
  const platform = await openPlatform(terminal, options);
  const report = options.wait
    ? await platform.waitUntilIdle(options.timeout * 1000)
    : await platform.status();
  const one = enver === undefined ? undefined : (await import('../known-enver.js')).knownEnver(report, enver);
  if (options.json) return json(terminal, one ?? report);
  const { printEnver, printStatus } = await import('../report.js');
  if (one) printEnver(terminal, one);
  else printStatus(terminal, report);
}
