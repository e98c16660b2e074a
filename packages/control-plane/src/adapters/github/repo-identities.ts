import type { ConfigStore } from '../../ports/config-store.js';

/** The numeric ids of repositories, by which the platform knows them: a name may pass to another repository. */
export interface RepoIdentities {
  /** The id that a repository `owner/name` had when it was first seen. */
  get(repo: string): Promise<number | undefined>;
  put(repo: string, id: number): Promise<void>;
}

/** Keeps them in the config store, each under `/odmd-state/repos/<owner>/<name>`. */
export class ConfigRepoIdentities implements RepoIdentities {
  constructor(private readonly config: ConfigStore) {}

  async get(repo: string): Promise<number | undefined> {
    const path = pathOf(repo);
    const stored = (await this.config.getMany([path])).get(path);
    return stored && Number(stored.value);
  }

  async put(repo: string, id: number): Promise<void> {
    await this.config.put(pathOf(repo), String(id));
  }
}

/** GitHub ignores case in names. No enver has such a path: the third part of its own begins with `b..` or `t..`. */
function pathOf(repo: string): string {
  return `/odmd-state/repos/${repo.toLowerCase()}`;
}
