import { Command } from 'commander';
import { json, line } from '../output.js';
import { openPlatform, type PlatformOption, withPlatform } from '../platform.js';
import type { Terminal } from '../terminal.js';

interface Options extends PlatformOption {
  readonly confirm?: true;
  readonly json?: true;
}

export function retireCommand(terminal: Terminal): Command {
  const command = new Command('retire')
    .summary('remove an enver that has left the contracts')
    .description(
      'Remove an enver that is no longer in the contracts, with everything that it deployed. Without --confirm it only says what would go.',
    )
    .argument('<enver>', 'id of an enver in the phase retired')
    .option('--confirm', 'really remove it; what it stored is gone then')
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', '\nExample:\n  odmd retire web-client/b..main --confirm');
  return withPlatform(command).action(async (enver: string, options: Options) => {
    const platform = await openPlatform(terminal, options);
    const { phase, products = [], services = [] } = await platform.enver(enver);
    const going = {
      products: products.map(({ name }) => name),
      services: services.map(({ name }) => name),
    };
    const removed = options.confirm !== undefined;
    if (removed) await platform.retire(enver);
    if (options.json) return json(terminal, { enver, phase, removed, ...going });
    const with_ = [
      ...going.products.map((name) => `product ${name}`),
      ...going.services.map((name) => `service ${name}`),
    ];
    line(terminal, `${enver} (${phase}): ${with_.join(', ') || 'nothing published'}`);
    line(terminal, removed ? 'it will be removed' : 'nothing was done: give --confirm to remove it');
  });
}
