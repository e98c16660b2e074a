import { Command } from 'commander';
import { Exit, ExitCode } from '../exit.js';
import { json, line, shortened, table } from '../output.js';
import { openPlatform, type PlatformOption, withPlatform } from '../platform.js';
import type { Terminal } from '../terminal.js';

const REASON_WIDTH = 60;

interface Place extends PlatformOption {
  readonly repo: string;
  readonly branch?: string;
  readonly tag?: string;
  readonly json?: true;
}

interface CreateOptions extends Place {
  readonly expires?: string;
  readonly untilPr?: true;
}

export function cloneCommand(terminal: Terminal): Command {
  const create = withPlace(
    new Command('create')
      .description('Give a branch or tag its own copies of envers, as `odmd: create@main` in a commit does.')
      .argument('<base>', 'what to copy: main, or web-client@main for one build')
      .option('--expires <duration>', 'let them go so long after the last push: 72h, 3d')
      .option('--until-pr', 'let them go when the pull request of the branch is closed'),
    '\nExamples:\n  odmd clone create main --repo coffee/shop --branch feature/login\n  odmd clone create web-client@main --repo coffee/shop --branch feature/login --expires 72h',
  ).action((base: string, options: CreateOptions) => {
    const target = base.includes('@') ? ` ${base}` : `@${base}`;
    const expires = options.expires === undefined ? '' : ` expires=${options.expires}`;
    return give(terminal, options, `odmd: create${target}${expires}${options.untilPr ? ' until=pr' : ''}`);
  });
  const remove = withPlace(
    new Command('delete')
      .description('Remove the copies of a branch or tag, as `odmd: delete` in a commit does.')
      .argument('[build]', 'of one build only'),
    '\nExample:\n  odmd clone delete --repo coffee/shop --branch feature/login',
  ).action((build: string | undefined, options: Place) =>
    give(terminal, options, `odmd: delete${build === undefined ? '' : ` ${build}`}`),
  );
  return new Command('clone')
    .summary('make, remove or list the copies of branches')
    .description('Make, remove or list the on-demand copies of envers that branches and tags have.')
    .addCommand(create)
    .addCommand(remove)
    .addCommand(listCommand(terminal));
}

function listCommand(terminal: Terminal): Command {
  const command = new Command('list')
    .description('Show every copy: of which enver, for which branch or tag, and how it is.')
    .option('--repo <owner/name>', 'only those of this repository')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  odmd clone list --repo coffee/shop');
  return withPlatform(command).action(async (options: PlatformOption & { repo?: string; json?: true }) => {
    const { envers } = await (await openPlatform(terminal, options)).status();
    const clones = envers.filter(
      ({ cloneOf, repo }) => cloneOf !== undefined && (options.repo ?? repo) === repo,
    );
    if (options.json) return json(terminal, { clones });
    if (clones.length === 0) return line(terminal, 'no clones');
    const rows = clones.map(({ id, cloneOf = '', repo, ref, phase, reason }) =>
      [id, cloneOf, `${repo} ${ref}`, phase, shortened(reason, REASON_WIDTH)].map((text) => ({ text })),
    );
    table(terminal, ['CLONE', 'OF', 'SOURCE', 'PHASE', 'REASON'], rows);
  });
}

function withPlace(command: Command, examples: string): Command {
  return withPlatform(
    command
      .requiredOption('--repo <owner/name>', 'the repository of the branch')
      .option('--branch <name>', 'the branch')
      .option('--tag <name>', 'the tag, instead of a branch')
      .option('--json', 'print the answers as JSON'),
  ).addHelpText('after', examples);
}

/** Gives the platform one `odmd:` line. A refusal is an answer, and exit code 1. */
async function give(terminal: Terminal, options: Place, text: string): Promise<void> {
  const { fullRef, OdmdError } = await import('@ondemandenv/contracts-base');
  const { branch, tag } = options;
  if ((branch === undefined) === (tag === undefined))
    throw new OdmdError('ODMD716', 'it is not said for which ref', {
      fix: 'give --branch or --tag, one of them',
    });
  const ref = fullRef(
    branch === undefined ? { kind: 'tag', ref: tag ?? '' } : { kind: 'branch', ref: branch },
  );
  const answers = await (await openPlatform(terminal, options)).command(options.repo, ref, text);
  const refused = answers.some(({ level }) => level === 'error');
  if (options.json) json(terminal, { repo: options.repo, ref, line: text, answers });
  else {
    for (const { level, message } of answers)
      if (level === 'error') terminal.err(`${message}\n`);
      else line(terminal, message);
    if (!refused)
      line(terminal, `${text}: carried out for ${ref} of ${options.repo} (see \`odmd status --wait\`)`);
  }
  if (refused) throw new Exit(ExitCode.failure);
}
