import { posix } from 'node:path';
import { canonicalJson, sha256 } from '@ondemandenv/contracts-base';
import { requireCommit } from './history.js';
import type { BareRepo } from './repos.js';

/** Workflow files that the platform writes: they are no change of a source. */
const GENERATED = '.github/workflows/ODMD_';
const MAY_HOLD_GENERATED: ReadonlySet<string> = new Set(['.', '.github', '.github/workflows']);

/**
 * A hash of the content of `paths` at a commit; the order of the paths does not matter, and a path that is not
 * there is a content of its own. Only folders that may hold generated files are looked into; any other path
 * counts by the hash that git has for it.
 *
 * @throws OdmdError ODMD622 when the repo does not have the commit
 */
export async function treeHash(repo: BareRepo, sha: string, paths: readonly string[]): Promise<string> {
  await requireCommit(repo, sha);
  const wanted = new Set(paths.map((path) => posix.normalize(path).replace(/\/$/, '')));
  const contents = [...wanted].sort().map(async (path) => [path, await contentAt(repo, sha, path)]);
  return sha256(canonicalJson(await Promise.all(contents)));
}

interface Entry {
  readonly path: string;
  /** `<mode> <type> <hash>\t<path>`, as git prints it. */
  readonly line: string;
}

async function contentAt(repo: BareRepo, sha: string, path: string): Promise<string[]> {
  if (path.startsWith('/') || path.startsWith('..')) return [];
  return contentOf(repo, sha, path === '.' ? [{ path, line: '040000 tree' }] : await list(repo, sha, path));
}

async function contentOf(repo: BareRepo, sha: string, entries: readonly Entry[]): Promise<string[]> {
  const lines: string[] = [];
  for (const { path, line } of entries) {
    if (path.startsWith(GENERATED)) continue;
    if (MAY_HOLD_GENERATED.has(path) && line.startsWith('040000 tree'))
      lines.push(
        ...(await contentOf(repo, sha, await list(repo, sha, path === '.' ? undefined : `${path}/`))),
      );
    else lines.push(line);
  }
  return lines;
}

/** The entry of a path; the entries in a folder when the path ends in a slash; all of the root without one. */
async function list(repo: BareRepo, sha: string, path?: string): Promise<Entry[]> {
  const paths = path === undefined ? [] : [path];
  const { stdout } = await repo.git(['ls-tree', '-z', '--end-of-options', sha, ...paths]);
  const lines = stdout.split('\0').filter((line) => line !== '');
  return lines.map((line) => ({ line, path: line.slice(line.indexOf('\t') + 1) }));
}
