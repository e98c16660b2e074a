import { Command } from 'commander';
import { wholeNumber } from '../../numbers.js';
import { json, table } from '../../output.js';
import { type HomeOption, openLocal, withHome } from '../../platform.js';
import type { Terminal } from '../../terminal.js';

interface Options extends HomeOption {
  readonly after: number;
  readonly json?: true;
}

export function eventsCommand(terminal: Terminal): Command {
  const command = new Command('events')
    .summary('print what happened')
    .description('Print the events of the platform, oldest first.')
    .option('--after <n>', 'only events after this number', wholeNumber, 0)
    .option('--json', 'print an array of {seq, at, type, detail} as JSON')
    .addHelpText('after', '\nExamples:\n  odmd local events\n  odmd local events --json --after 42');
  return withHome(command).action(async (options: Options) => {
    const events = await (await openLocal(terminal, options)).events(options.after);
    if (options.json) return json(terminal, events);
    const rows = events.map(({ seq, at, type, detail }) => {
      const { enver = '', reason = '' } = detail as { enver?: string; reason?: string };
      const texts = [
        String(seq),
        new Date(at).toISOString().slice(11, 23),
        type,
        enver,
        reason.split('\n')[0] ?? '',
      ];
      return texts.map((text) => ({ text }));
    });
    table(terminal, ['#', 'UTC', 'EVENT', 'ENVER', 'REASON'], rows);
  });
}
