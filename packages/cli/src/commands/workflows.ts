import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type SourceOptions, withSource } from '../contract-options.js';
import { Exit, ExitCode } from '../exit.js';
import { count, json, line, styled } from '../output.js';
import { repository } from '../repository.js';
import type { Terminal } from '../terminal.js';
import type { PlacedFile } from '../workflow-folders.js';
import type { Repo } from '../workflow-repos.js';

interface Options extends SourceOptions {
  readonly out: string;
  readonly repo?: Repo;
  readonly check?: true;
  readonly prune?: true;
  readonly json?: true;
}

/** What has been done about a file, or what is the matter with it. */
type State = PlacedFile['state'] | 'written' | 'removed';
type Reported = Omit<PlacedFile, 'state' | 'content'> & { readonly state: State };

export function workflowsCommand(terminal: Terminal): Command {
  const command = new Command('workflows')
    .summary('write or compare the workflow files of the repositories')
    .description(
      `Write the GitHub workflow files that the contracts ask for: per build, account and region one that deploys and one
that tears down, the same on every branch. Files that are as they should be are not touched; generated ones that are no
longer wanted are listed.`,
    )
    .requiredOption(
      '--out <dir>',
      'folder for all repositories, as <dir>/<owner>/<name>; with --repo, of that one',
    )
    .option('--repo <owner/name>', 'the files of one repository, straight into <dir>', repository)
    .option('--check', 'write nothing, and end with 1 when a file differs, is missing or is no longer wanted')
    .addOption(new Option('--prune', 'remove generated files that are no longer wanted').conflicts('check'))
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  odmd workflows --repo coffee/orders --out ../orders          into the checkout of one repository
  odmd workflows --manifest .odmd/manifest.json --out build    <out>/<owner>/<name>/.github/workflows/… of all
  odmd workflows --repo coffee/orders --out ../orders --check  is that checkout up to date?`,
    );
  return withSource(command).action((options: Options) => workflows(terminal, options));
}

async function workflows(terminal: Terminal, options: Options): Promise<void> {
  const [{ manifestOf }, { compare, remove, write }, { among, reposOf }, { workflowFiles }] =
    await Promise.all([
      import('../contract-source.js'),
      import('../workflow-folders.js'),
      import('../workflow-repos.js'),
      import('@ondemandenv/workflow-gen'),
    ]);
  const manifest = await manifestOf(terminal, options);
  const repos = reposOf(manifest, options.repo);
  const out = resolve(terminal.cwd, options.out);
  const folderOf = ({ owner, name }: Repo) => (options.repo ? out : join(out, owner, name));
  const wanted = workflowFiles(manifest).filter(({ repo }) => among(repos, repo));
  const files = compare(wanted, repos, folderOf);
  const stale = files.filter(({ state }) => state === 'missing' || state === 'different');
  const unwanted = files.filter(({ state }) => state === 'unwanted');
  if (!options.check) write(stale);
  if (options.prune) remove(unwanted);
  const states = files.map((file) => reported(file, options));
  const ok = !options.check || stale.length + unwanted.length === 0;
  if (options.json) json(terminal, { ok, files: states });
  else print(terminal, states);
  if (!ok) throw new Exit(ExitCode.failure);
}

function reported({ content: _, state, ...file }: PlacedFile, { check, prune }: Options): Reported {
  if (state === 'unwanted') return { ...file, state: prune ? 'removed' : 'unwanted' };
  return { ...file, state: state === 'same' || check ? state : 'written' };
}

const WORDS = {
  written: ['green', 'written'],
  removed: ['green', 'removed'],
  missing: ['red', 'missing'],
  different: ['red', 'different'],
  unwanted: ['yellow', 'no longer wanted'],
} as const;

function print(terminal: Terminal, files: readonly Reported[]): void {
  for (const { repo, path, state } of files) {
    if (state === 'same') continue;
    const [style, word] = WORDS[state];
    line(terminal, `${styled(terminal, style, word)}: ${repo} ${path}`);
  }
  const same = files.filter(({ state }) => state === 'same').length;
  line(terminal, `${count(files.length, 'file')}, ${same} as they should be`);
}
