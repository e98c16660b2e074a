import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { OdmdError } from '@ondemandenv/contracts-base';

const SHOWN = 20;
const SOURCE = /(?<!\.d)\.[cm]?tsx?$/;

/**
 * Runs the package's own compiler over its sources, without writing anything. Where there is no tsconfig.json or no
 * compiler, it does nothing.
 *
 * @throws OdmdError ODMD707 with every TypeScript error
 */
export function refuseTypeErrors(folder: string): void {
  const compiler = compilerOf(folder);
  if (compiler === undefined) return;
  const args = [compiler, '--noEmit', '--pretty', 'false', '--project', folder];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  if (status === 0 || status === null) return;
  const errors = stdout.split('\n').flatMap((line) => {
    const [, file, at, column, code, message] =
      /^(.+?)\((\d+),(\d+)\): error (TS\d+): (.*)$/.exec(line) ?? [];
    if (file !== undefined) return [`${file}:${at}:${column} ${code} ${message}`];
    return /^error TS\d+: /.test(line) ? [line.slice('error '.length)] : [];
  });
  if (errors.length === 0) return;
  const rest = errors.length > SHOWN ? [`and ${errors.length - SHOWN} more`] : [];
  const count = errors.length === 1 ? 'a TypeScript error' : `${errors.length} TypeScript errors`;
  throw new OdmdError(
    'ODMD707',
    `the contracts have ${count}:\n${[...errors.slice(0, SHOWN), ...rest].map((line) => `  ${line}`).join('\n')}`,
    { where: folder, fix: 'correct the lines and build the package' },
  );
}

/** The nearest folder above a file that is a TypeScript project. */
export function projectOf(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'tsconfig.json'))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** A TypeScript source of a package that was changed after the package was built, if there is one. */
export function changedSince(folder: string, entry: string): string | undefined {
  if (!existsSync(join(folder, 'tsconfig.json'))) return undefined;
  const output = dirname(entry);
  const built = [
    entry,
    ...filesIn(output),
    ...filesIn(folder).filter((file) => file.endsWith('.tsbuildinfo')),
  ];
  const newest = Math.max(
    ...built.filter((file) => !SOURCE.test(file)).map((file) => statSync(file).mtimeMs),
  );
  const changed = sourcesIn(folder, output).find((file) => statSync(file).mtimeMs > newest);
  return changed && relative(folder, changed);
}

function compilerOf(folder: string): string | undefined {
  if (!existsSync(join(folder, 'tsconfig.json'))) return undefined;
  try {
    return createRequire(join(folder, 'package.json')).resolve('typescript/lib/tsc.js');
  } catch {
    return undefined;
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(folder, entry.name));
}

function sourcesIn(folder: string, output: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return SOURCE.test(entry.name) ? [path] : [];
    const skipped = entry.name === 'node_modules' || entry.name.startsWith('.') || path === output;
    return entry.isDirectory() && !skipped ? sourcesIn(path, output) : [];
  });
}
