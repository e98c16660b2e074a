import { Command, Option } from 'commander';
import { type SourceOptions, withSource } from '../contract-options.js';
import { json } from '../output.js';
import type { Terminal } from '../terminal.js';

interface Options extends SourceOptions {
  readonly product: readonly string[];
  readonly source: readonly string[];
  readonly json?: true;
  readonly markdown?: true;
}

export function planCommand(terminal: Terminal): Command {
  const command = new Command('plan')
    .summary('say what a change of products or sources deploys')
    .description(
      `Say which envers are deployed, in which phases, when products get new values or the source of envers changes;
what waits for an approval, and who is only told.`,
    )
    .option('--product <path>', 'a product with a new value; repeat it for more', collected, [])
    .option('--source <enver>', 'an enver whose source changed; repeat it for more', collected, [])
    .addOption(new Option('--json', 'print the plan as JSON').conflicts('markdown'))
    .option('--markdown', 'print it for a comment on a pull request')
    .addHelpText(
      'after',
      `
Examples:
  odmd plan --product foundation/b..main/bus
  odmd plan --manifest .odmd/manifest.json --source web-client/b..main --source order-manager/b..main --json`,
    );
  return withSource(command).action((options: Options) => {
    if (options.product.length + options.source.length === 0)
      command.error('error: give at least one --product or --source');
    return plan(terminal, options);
  });
}

async function plan(terminal: Terminal, options: Options): Promise<void> {
  const [{ manifestOf }, { planChange, planMarkdown, planText }] = await Promise.all([
    import('../contract-source.js'),
    import('@ondemandenv/contracts-base'),
  ]);
  const products = options.product.map(productPathOf);
  const found = planChange(await manifestOf(terminal, options), { products, sources: options.source });
  if (options.json) return json(terminal, found);
  terminal.out(options.markdown ? planMarkdown(found) : planText(found));
}

/** A path of the config store; its beginning, which is always the same, may be left out. */
function productPathOf(text: string): string {
  return text.startsWith('/') ? text : `/odmd-share/${text}`;
}

function collected(text: string, earlier: readonly string[]): string[] {
  return [...earlier, text];
}
