import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { OdmdError } from '@ondemandenv/contracts-base';

const SHOWN = 20;
/** Bytes; one wrong line can make an error in each of many files. */
const MOST_OUTPUT = 2 ** 26;
const SOURCE = /(?<!\.d)\.[cm]?tsx?$/;
const COMPILED = /\.[cm]?js$/;
/** What a compiler's record of a build has when the build had errors, or did not write everything. */
const UNFINISHED =
  /"(?:semanticDiagnosticsPerFile|emitDiagnosticsPerFile|affectedFilesPendingEmit|changeFileSet|errors)":/;

/**
 * Runs the package's own compiler over its sources, without writing anything into the package. Where there is no
 * tsconfig.json or no compiler, it does nothing.
 *
 * @throws OdmdError ODMD707 with every TypeScript error
 */
export function refuseTypeErrors(folder: string): void {
  const compiler = compilerOf(folder);
  if (compiler === undefined) return;
  const { status, stdout, stderr } = typeCheck(compiler, folder);
  if (status === 0) return;
  const found = stdout.split('\n').flatMap((line) => {
    const [, file, at, column, code, message] =
      /^(.+?)\((\d+),(\d+)\): error (TS\d+): (.*)$/.exec(line) ?? [];
    if (file !== undefined) return [`${file}:${at}:${column} ${code} ${message}`];
    return /^error TS\d+: /.test(line) ? [line.slice('error '.length)] : [];
  });
  const errors = found.length > 0 ? found : [`tsc ended with ${status}: ${(stderr || stdout).trim()}`];
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

/** What the files of a built package tell of its last build. */
export interface LastBuild {
  /** Nothing shows that the sources have no TypeScript errors. */
  readonly doubtful: boolean;
  /** A source that was changed after the package was built, if there is one. */
  readonly changed?: string | undefined;
}

/**
 * What is known of the build of a package, from the times of its files.
 *
 * @param entry the package's module, among what was built
 */
export function lastBuild(folder: string, entry: string): LastBuild {
  if (!existsSync(join(folder, 'tsconfig.json'))) return { doubtful: false };
  const output = dirname(entry);
  const sources = filesBelow(folder, (path) => path !== output).filter((file) => SOURCE.test(file));
  const records = [...new Set([folder, output])]
    .flatMap(filesIn)
    .filter((file) => file.endsWith('.tsbuildinfo'));
  const finished = records.filter((file) => !UNFINISHED.test(readFileSync(file, 'utf8')));
  // A new record alone says nothing of the sources: a type check writes one too, and so does a build that failed. A
  // finished one tells at least that what was changed made no difference to what is compiled.
  const compiled = filesBelow(output, () => true).filter((file) => COMPILED.test(file));
  const changed = newerThan([entry, ...compiled, ...finished], sources);
  return {
    doubtful: finished.length < records.length || newerThan([entry, ...compiled], sources) !== undefined,
    changed: changed && relative(folder, changed),
  };
}

/** The compiler's record goes elsewhere: in the package, the next build would take it for that of a build. */
function typeCheck(compiler: string, folder: string): SpawnSyncReturns<string> {
  const scratch = mkdtempSync(join(tmpdir(), 'odmd-tsc-'));
  try {
    // Composite projects insist on a record, and projects that name a file for it on being incremental.
    const record = ['--incremental', 'true', '--tsBuildInfoFile', join(scratch, 'tsbuildinfo')];
    const args = [compiler, '--noEmit', '--pretty', 'false', '--project', folder, ...record];
    return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: MOST_OUTPUT });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function compilerOf(folder: string): string | undefined {
  if (!existsSync(join(folder, 'tsconfig.json'))) return undefined;
  try {
    return createRequire(join(folder, 'package.json')).resolve('typescript/lib/tsc.js');
  } catch {
    return undefined;
  }
}

function newerThan(built: readonly string[], sources: readonly string[]): string | undefined {
  const newest = Math.max(...built.map((file) => statSync(file).mtimeMs));
  return sources.find((file) => statSync(file).mtimeMs > newest);
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(folder, entry.name));
}

/** All files of a package's folder, without what is installed or hidden, and without folders that are not wanted. */
function filesBelow(folder: string, wanted: (path: string) => boolean): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return [path];
    const skipped = entry.name === 'node_modules' || entry.name.startsWith('.') || !wanted(path);
    return entry.isDirectory() && !skipped ? filesBelow(path, wanted) : [];
  });
}
