import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { OdmdError } from '@ondemandenv/contracts-base';
import { installHook } from './hook.js';
import { DEFAULT_SEARCH_PATH, type GitOutput, runGit } from './run-git.js';

/** One bare repository of the platform. */
export interface BareRepo {
  /** `owner/name`. */
  readonly name: string;
  /** Absolute; also the URL for `git push` and `git clone`. */
  readonly folder: string;
  /** `PATH` in which git is found. */
  readonly searchPath: string;
  /** Runs git on it. `accept`: exit codes that are no error (default: 0). @throws OdmdError ODMD620 */
  git(args: readonly string[], accept?: readonly number[]): Promise<GitOutput>;
}

export interface GitReposOptions {
  /** The platform's folder. */
  readonly home: string;
  /** `PATH` in which git is found, by hooks and jobs too. */
  readonly searchPath?: string;
}

/** The bare repositories of the platform: `<home>/git/<owner>/<name>.git`. */
export class GitRepos {
  /** Absolute. */
  readonly home: string;
  readonly searchPath: string;
  private readonly prepared = new Map<string, Promise<BareRepo>>();

  constructor(options: GitReposOptions) {
    this.home = resolve(options.home);
    this.searchPath = options.searchPath ?? DEFAULT_SEARCH_PATH;
  }

  /** Where a repository is, or will be; see `BareRepo.folder`. */
  folderOf(name: string): string {
    return join(this.home, 'git', `${name}.git`);
  }

  /** A repository that exists. */
  find(name: string): BareRepo | undefined {
    if (nameProblem(name)) return undefined;
    const repo = this.at(name);
    return existsSync(join(repo.folder, 'HEAD')) ? repo : undefined;
  }

  /**
   * A repository that accepts pushes, made if there is none.
   *
   * @throws OdmdError ODMD621 when the name is not legal
   */
  ensure(name: string): Promise<BareRepo> {
    const problem = nameProblem(name);
    if (problem) return Promise.reject(illegalName(name, problem));
    const known = this.prepared.get(name);
    if (known) return known;
    const prepared = this.prepare(this.at(name));
    this.prepared.set(name, prepared);
    prepared.catch(() => this.prepared.delete(name));
    return prepared;
  }

  /** The names of all repositories, in order. */
  list(): string[] {
    const root = join(this.home, 'git');
    const names = subfolders(root).flatMap((owner) =>
      subfolders(join(root, owner)).map((name) => `${owner}/${name.replace(/\.git$/, '')}`),
    );
    return names.filter((name) => this.find(name) !== undefined).sort();
  }

  private at(name: string): BareRepo {
    const folder = this.folderOf(name);
    const { searchPath } = this;
    return {
      name,
      folder,
      searchPath,
      git: (args, accept) => runGit(folder, args, { searchPath, ...(accept && { accept }) }),
    };
  }

  /** Safe to repeat, also after a crash half-way. */
  private async prepare(repo: BareRepo): Promise<BareRepo> {
    await mkdir(repo.folder, { recursive: true });
    await repo.git(['init', '--quiet', '--bare', '--initial-branch=main', '--template=']);
    const hooks = join(repo.folder, 'hooks');
    await installHook({ hooks, home: this.home, repo: repo.name });
    // A pusher's own `core.hooksPath` would silence the hook.
    await repo.git(['config', 'core.hooksPath', hooks]);
    return repo;
  }
}

/** Why this cannot be the name of a repository, in the manner of GitHub's rules. */
function nameProblem(name: string): string | undefined {
  const parts = name.split('/');
  if (parts.length !== 2) return 'is not of the form `owner/name`';
  if (!parts.every((part) => /^[A-Za-z0-9_.-]{1,100}$/.test(part)))
    return 'has a part that is not 1 to 100 letters, digits, `_`, `.` or `-`';
  if (parts.some((part) => part.startsWith('-') || part === '.' || part === '..' || part.endsWith('.git')))
    return 'has a part that starts with `-`, ends in `.git`, or is `.` or `..`';
  return undefined;
}

function illegalName(name: string, problem: string): OdmdError {
  return new OdmdError('ODMD621', `the repository name ${JSON.stringify(name)} ${problem}`, {
    fix: 'give it as on GitHub, e.g. `coffee-shop/foundation`',
  });
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}
