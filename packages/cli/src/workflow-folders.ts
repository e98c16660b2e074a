import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OdmdError } from '@ondemandenv/contracts-base';
import { isGenerated, type WorkflowFile } from '@ondemandenv/workflow-gen';
import { writeFile } from './write-file.js';

type Repo = WorkflowFile['repo'];

/** A workflow file, wanted or found, and how it is on disk. */
export interface PlacedFile {
  /** `owner/name`. */
  readonly repo: string;
  /** In the repository. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  /** Absent on one that is no longer wanted. */
  readonly content?: string;
  readonly state: 'same' | 'missing' | 'different' | 'unwanted';
}

/** Where the files of each repository are: absolute folders, which need not exist. */
export type FolderOf = (repo: Repo) => string;

const WORKFLOWS = '.github/workflows';

/**
 * Compares wanted files with what is on disk, and finds generated ones that nobody wants any more.
 *
 * @param repos repositories to look through
 * @throws OdmdError ODMD731 something in the place of a wanted file was not generated
 */
export function compare(
  files: readonly WorkflowFile[],
  repos: readonly Repo[],
  folderOf: FolderOf,
): PlacedFile[] {
  const wanted = files.map((file) => placed(file, folderOf(file.repo)));
  const known = new Set(wanted.map(({ file }) => file));
  const found = repos.flatMap((repo) => generatedIn(repo, folderOf(repo)));
  const unwanted = found.filter(({ file }) => !known.has(file));
  return [...wanted, ...unwanted].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Writes what is missing or different. @throws OdmdError ODMD706 */
export function write(files: readonly PlacedFile[]): void {
  for (const { file, content } of files) if (content !== undefined) writeFile(file, content);
}

/** Removes files. */
export function remove(files: readonly PlacedFile[]): void {
  for (const { file } of files) rmSync(file, { force: true });
}

function placed({ repo, path, content }: WorkflowFile, folder: string): PlacedFile {
  const file = join(folder, path);
  const current = read(file);
  if (current !== undefined && !isGenerated(current))
    throw new OdmdError('ODMD731', 'a file of this name is there that was not generated', {
      where: file,
      fix: 'move it to another name, or remove it',
    });
  const state = current === content ? 'same' : current === undefined ? 'missing' : 'different';
  return { repo: nameOf(repo), path, file, content, state };
}

function generatedIn(repo: Repo, folder: string): PlacedFile[] {
  return filesIn(join(folder, WORKFLOWS))
    .map((name) => ({ path: `${WORKFLOWS}/${name}`, file: join(folder, WORKFLOWS, name) }))
    .filter(({ file }) => isGenerated(read(file) ?? ''))
    .map((found) => ({ repo: nameOf(repo), ...found, state: 'unwanted' }));
}

function filesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch (error) {
    if (isMissing(error)) return [];
    throw unreadable(folder, error);
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(file, error);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function unreadable(where: string, cause: unknown): OdmdError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new OdmdError('ODMD732', `it cannot be read: ${why}`, {
    where,
    fix: 'name the folder of a repository, or of several, with --out',
    cause,
  });
}

function nameOf({ owner, name }: Repo): string {
  return `${owner}/${name}`;
}
