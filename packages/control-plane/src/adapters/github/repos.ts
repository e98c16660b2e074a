import { OdmdError } from '@ondemandenv/contracts-base';
import type { GitHubApp, GitHubClient } from './app.js';
import { find } from './ask.js';
import type { RepoIdentities } from './repo-identities.js';

/** A repository that was looked up and is the one that the platform knows by this name. */
export interface Repo {
  readonly client: GitHubClient;
  /** What every request about it has to say. */
  readonly at: { readonly owner: string; readonly repo: string };
  /** `owner/name`. */
  readonly name: string;
  readonly id: number;
  readonly ownerId: number;
  readonly defaultBranch: string;
}

export interface GitHubReposOptions {
  readonly app: GitHubApp;
  /** Installation ids by owner. The repositories of any other owner do not exist for the platform. */
  readonly installations: Readonly<Record<string, number>>;
  readonly identities: RepoIdentities;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** How long what is known of a repository is believed. Looking it up is one request. */
const BELIEVED_MS = 60_000;

/** Codes of a repository that is not, or no longer, the one that the platform knows. */
export const NOT_OURS: ReadonlySet<string> = new Set(['ODMD430', 'ODMD431']);

/** Finds repositories by name, and sees to it that a name always means the same one. */
export class GitHubRepos {
  private readonly known = new Map<
    string,
    { readonly until: number; readonly repo: Promise<Repo | undefined> }
  >();
  private readonly installations: ReadonlyMap<string, number>;
  private readonly now: () => number;

  constructor(private readonly options: GitHubReposOptions) {
    const installations = Object.entries(options.installations);
    this.installations = new Map(installations.map(([owner, id]) => [owner.toLowerCase(), id]));
    this.now = options.now ?? Date.now;
  }

  /**
   * `undefined` when there is no such repository and never was.
   *
   * @throws OdmdError ODMD430 when another repository has the name now · ODMD431 when it was there once and cannot be
   *   found any more. Neither may pass for a repository without branches: clones of branches that are gone are deleted.
   */
  find(name: string): Promise<Repo | undefined> {
    const before = this.known.get(name);
    if (before && this.now() < before.until) return before.repo;
    const repo = this.lookUp(name);
    const entry = { until: this.now() + BELIEVED_MS, repo };
    this.known.set(name, entry);
    // What was not found may be made, or opened to the App, at any moment.
    const forget = () => {
      if (this.known.get(name) === entry) this.known.delete(name);
    };
    repo.then((found) => found ?? forget(), forget);
    return repo;
  }

  /**
   * Looks again, whatever is believed: GitHub answers for a repository that the App may no longer see as for a ref that
   * is gone.
   *
   * @throws OdmdError ODMD430, ODMD431
   */
  async confirm(name: string): Promise<void> {
    this.known.delete(name);
    await this.find(name);
  }

  /** @throws OdmdError ODMD430, ODMD431 */
  async require(name: string): Promise<Repo> {
    const found = await this.find(name);
    if (found) return found;
    throw lost(name);
  }

  private async lookUp(name: string): Promise<Repo | undefined> {
    const [owner = '', repo = ''] = name.split('/');
    const installation = this.installations.get(owner.toLowerCase());
    if (installation === undefined) return undefined;
    const at = { owner, repo };
    const client = await find(name, () => this.options.app.client(installation), []);
    const answer = client && (await find(name, () => client.repos.get(at)));
    const expected = await this.options.identities.get(name);
    // An old name leads to the repository that was renamed, whose branches are not those of this name.
    const found = answer?.data.full_name.toLowerCase() === name.toLowerCase() ? answer.data : undefined;
    if (!client || !found) {
      if (expected !== undefined || answer) throw lost(name, answer?.data.full_name);
      return undefined;
    }
    if (expected === undefined) await this.options.identities.put(name, found.id);
    else if (expected !== found.id) throw replaced(name, expected, found.id);
    const { id, owner: account, default_branch: defaultBranch } = found;
    return { client, at, name, id, ownerId: account.id, defaultBranch };
  }
}

function replaced(name: string, expected: number, id: number): OdmdError {
  return new OdmdError('ODMD430', `${name} is repository ${id} now; the platform knows ${expected}`, {
    where: name,
    fix: 'give the old repository its name back, or remove what the platform knows of it if the new one is meant',
  });
}

function lost(name: string, newName?: string): OdmdError {
  const renamed = newName === undefined ? '' : `: it is called ${newName} now`;
  return new OdmdError('ODMD431', `the repository ${name} cannot be found any more${renamed}`, {
    where: name,
    fix: 'install the GitHub App for it, or write its new name into the contracts',
  });
}
