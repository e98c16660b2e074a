import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { json, line } from '../output.js';
import type { Terminal } from '../terminal.js';

interface Options {
  readonly org?: string;
  readonly packages?: string;
  readonly json?: true;
}

export function initCommand(terminal: Terminal): Command {
  return new Command('init')
    .summary('make a package for new contracts')
    .description(
      `Make a package for the contracts of an org, with one enver that publishes a product, one that consumes it, and
tests. It writes into a new or an empty folder only.`,
    )
    .argument('[dir]', 'folder of the package', '.')
    .option('--org <id>', "the org's id (default: the folder's name)")
    .option(
      '--packages <folder>',
      'install @ondemandenv from the tarballs in this folder, not from a registry',
    )
    .option('--json', 'print {org, folder, files} as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  odmd init contracts\n  odmd init contracts --org coffee-shop --packages ../odmd-packages',
    )
    .action((dir: string, options: Options) => init(terminal, dir, options));
}

async function init(terminal: Terminal, dir: string, options: Options): Promise<void> {
  const folder = resolve(terminal.cwd, dir);
  const { ID_PATTERN, OdmdError } = await import('@ondemandenv/contracts-base');
  const problem = occupied(folder);
  if (problem !== undefined)
    throw new OdmdError('ODMD713', problem, {
      where: folder,
      fix: 'name a new or empty folder: `odmd init <dir>`',
    });
  const org = options.org ?? idFrom(basename(folder));
  if (!ID_PATTERN.test(org))
    throw new OdmdError('ODMD117', `the org name ${JSON.stringify(org)} is not legal`, {
      where: '--org',
      fix: 'use 1 to 64 letters, digits, `_` or `-`',
    });
  const [{ tarballsIn }, { contractsPackage }, { versionsToPin }, { writeFile }] = await Promise.all([
    import('../init/packages.js'),
    import('../init/template.js'),
    import('../init/versions.js'),
    import('../write-file.js'),
  ]);
  const packages = options.packages && resolve(terminal.cwd, options.packages);
  const tarballs = packages ? tarballsIn(packages, folder) : undefined;
  const files = contractsPackage({ org, versions: versionsToPin(), tarballs });
  for (const [name, text] of Object.entries(files)) writeFile(join(folder, name), text);
  if (options.json) return json(terminal, { org, folder, files: Object.keys(files) });
  line(terminal, `wrote the contracts of ${org}:`);
  for (const name of Object.keys(files)) line(terminal, `  ${join(dir, name)}`);
  line(terminal, '\nnext:');
  if (folder !== terminal.cwd) line(terminal, `  cd ${dir}`);
  line(terminal, '  npm install && npm test');
  line(
    terminal,
    packages
      ? `    (@ondemandenv/* come from the tarballs in ${packages})`
      : '    (@ondemandenv/* come from the npm registry, once they are published; until then: odmd init --packages <folder>)',
  );
  line(terminal, '  put your accounts and repositories into src/index.ts, then `npm run validate`');
}

/** Why a folder cannot take a new package, if it cannot; a git repository without files can. */
function occupied(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  if (!statSync(folder).isDirectory()) return 'this is a file, not a folder';
  const names = readdirSync(folder).filter((name) => name !== '.git');
  return names.length === 0
    ? undefined
    : `the folder is not empty: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`;
}

/** The folder's name as an id; of a folder that is called after what it holds, the name says nothing. */
function idFrom(name: string): string {
  const id = name
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
  return id === '' || id === 'contracts' ? 'my-org' : id;
}
