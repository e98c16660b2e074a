import { posix } from 'node:path';
import { canonicalJson, sha256 } from '@ondemandenv/contracts-base';
import { find } from './ask.js';
import { unknownCommit } from './history.js';
import type { Repo } from './repos.js';

/** Workflow files that the platform writes: they are no change of a source. */
const GENERATED = '.github/workflows/ODMD_';
const MAY_HOLD_GENERATED: ReadonlySet<string> = new Set(['.', '.github', '.github/workflows']);

interface Entry {
  readonly path: string;
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
}

/** The files and folders of a commit. */
interface Listing {
  at(path: string): Promise<Entry | undefined>;
  /** What lies right in a folder, `.` for the root. */
  in(folder: string): Promise<readonly Entry[]>;
}

/** A push wakes all envers of a ref, one after the other. */
const KEPT = 4;

/** Hashes of paths at commits. One request per commit; where GitHub cuts its answer short, one per folder on the way. */
export class Trees {
  private readonly listings = new Map<string, Promise<Listing>>();

  /**
   * A hash of the content of `paths`; their order does not matter, and a path that is not there is a content of its
   * own.
   *
   * @throws OdmdError ODMD432 when the repository does not have the commit
   */
  async hash(repo: Repo, sha: string, paths: readonly string[]): Promise<string> {
    const listing = await this.listing(repo, sha);
    const wanted = new Set(paths.map((path) => posix.normalize(path).replace(/\/$/, '')));
    const contents = [...wanted].sort().map(async (path) => [path, await contentAt(listing, path)]);
    return sha256(canonicalJson(await Promise.all(contents)));
  }

  private listing(repo: Repo, sha: string): Promise<Listing> {
    const key = `${repo.id} ${sha}`;
    const known = this.listings.get(key);
    if (known) return known;
    const made = list(repo, sha);
    this.listings.set(key, made);
    made.catch(() => this.listings.delete(key));
    const [oldest] = this.listings.keys();
    if (this.listings.size > KEPT && oldest !== undefined) this.listings.delete(oldest);
    return made;
  }
}

async function contentAt(listing: Listing, path: string): Promise<string[]> {
  if (path.startsWith('/') || path.startsWith('..')) return [];
  if (path === '.') return contentIn(listing, path);
  const entry = await listing.at(path);
  return entry ? contentOf(listing, entry) : [];
}

async function contentIn(listing: Listing, folder: string): Promise<string[]> {
  const lines: string[] = [];
  const entries = [...(await listing.in(folder))].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const entry of entries) lines.push(...(await contentOf(listing, entry)));
  return lines;
}

/** Only folders that may hold generated files are looked into; all else counts by the hash that git has for it. */
async function contentOf(listing: Listing, { path, mode, type, sha }: Entry): Promise<string[]> {
  if (path.startsWith(GENERATED)) return [];
  if (type === 'tree' && MAY_HOLD_GENERATED.has(path)) return contentIn(listing, path);
  return [`${mode} ${type} ${sha}\t${path}`];
}

async function list(repo: Repo, sha: string): Promise<Listing> {
  const whole = await treeOf(repo, sha, { recursive: '1' });
  if (!whole) throw unknownCommit(repo, sha);
  return whole.truncated ? folderByFolder(repo, sha) : inOne(whole.entries);
}

function inOne(entries: readonly Entry[]): Listing {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const byFolder = new Map<string, Entry[]>();
  for (const entry of entries) {
    const folder = posix.dirname(entry.path);
    const inside = byFolder.get(folder);
    if (inside) inside.push(entry);
    else byFolder.set(folder, [entry]);
  }
  return { at: async (path) => byPath.get(path), in: async (folder) => byFolder.get(folder) ?? [] };
}

function folderByFolder(repo: Repo, commit: string): Listing {
  const folders = new Map<string, Promise<readonly Entry[]>>();
  const read = async (folder: string): Promise<readonly Entry[]> => {
    const tree = folder === '.' ? commit : (await at(folder))?.sha;
    const { entries = [] } = (tree !== undefined && (await treeOf(repo, tree))) || {};
    return entries.map((entry) => ({ ...entry, path: posix.join(folder, entry.path) }));
  };
  const inside = (folder: string) => {
    const entries = folders.get(folder) ?? read(folder);
    folders.set(folder, entries);
    return entries;
  };
  const at = async (path: string) => (await inside(posix.dirname(path))).find((entry) => entry.path === path);
  return { at, in: inside };
}

async function treeOf({ client, at, name }: Repo, tree_sha: string, how: { recursive?: string } = {}) {
  const answer = await find(name, () => client.git.getTree({ ...at, tree_sha, ...how }), [404, 409, 422]);
  return answer && { entries: answer.data.tree as readonly Entry[], truncated: answer.data.truncated };
}
