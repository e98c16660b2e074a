import type { ManifestDiff } from '@ondemandenv/contracts-base';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type SourceOptions, withSource } from '../contract-options.js';
import { Exit, ExitCode } from '../exit.js';
import { json } from '../output.js';
import type { Terminal } from '../terminal.js';

const FAILS = {
  breaking: (diff: ManifestDiff) => diff.breaking.length > 0,
  privileged: (diff: ManifestDiff) => diff.privileged.length > 0,
  any: (diff: ManifestDiff) => diff.bump !== 'none',
  never: () => false,
} as const;
type FailOn = keyof typeof FAILS;

interface Options extends SourceOptions {
  readonly failOn: readonly FailOn[];
  readonly json?: true;
  readonly markdown?: true;
}

export function diffCommand(terminal: Terminal): Command {
  const command = new Command('diff')
    .summary('say what a change of the contracts does and breaks')
    .description(
      `Compare two manifests, or a manifest with the contracts of --app: what was added, changed and removed, what that
breaks and for whom, what needs an administrator, and what is deployed in which order.`,
    )
    .argument('<old>', 'the manifest from before')
    .argument('[new]', 'the manifest from after (default: the contracts of --app)')
    .addOption(
      new Option(
        '--fail-on <what>',
        `end with 1 on ${Object.keys(FAILS).join(', ')}; repeat it for more (default: never)`,
      )
        .argParser(failOn)
        .default([], 'never'),
    )
    .addOption(new Option('--json', 'print the whole difference as JSON').conflicts('markdown'))
    .option('--markdown', 'print it for a comment on a pull request')
    .addHelpText(
      'after',
      `
Examples:
  odmd diff released.json                         with the contracts in this folder
  odmd diff old.json new.json --fail-on breaking --fail-on privileged
  odmd diff released.json --app contracts --markdown > comment.md`,
    );
  return withSource(command).action((before: string, after: string | undefined, options: Options) => {
    const named = ['app', 'manifest'].find((name) => command.getOptionValueSource(name) === 'cli');
    if (after !== undefined && named !== undefined)
      command.error(`error: give either a second manifest or --${named}`);
    return diff(terminal, before, after === undefined ? options : { ...options, manifest: after });
  });
}

async function diff(terminal: Terminal, before: string, options: Options): Promise<void> {
  const [{ manifestOf, readManifestFile }, { diffManifests, diffMarkdown, diffText }] = await Promise.all([
    import('../contract-source.js'),
    import('@ondemandenv/contracts-base'),
  ]);
  const old = readManifestFile(before, terminal.cwd);
  const found = diffManifests(old, await manifestOf(terminal, options));
  if (options.json) json(terminal, found);
  else terminal.out(options.markdown ? diffMarkdown(found) : diffText(found));
  if (options.failOn.some((what) => FAILS[what](found))) throw new Exit(ExitCode.failure);
}

function failOn(text: string, earlier: readonly FailOn[]): FailOn[] {
  const what = (Object.keys(FAILS) as FailOn[]).find((name) => name === text);
  if (!what) throw new InvalidArgumentError(`Use one of ${Object.keys(FAILS).join(', ')}.`);
  return [...earlier, what];
}
