import {
  diffManifests,
  diffMarkdown,
  diffText,
  type Manifest,
  manifestDigest,
  readManifest,
} from '@ondemandenv/contracts-base';
import type { GitHubApp } from './app.js';
import { ask } from './ask.js';
import { fenced, inert } from './inert-text.js';
import { type ProposedManifest, proposedArchive, proposedManifests, textIn } from './proposed-manifests.js';
import type { GitHubRepos, Repo } from './repos.js';

const NAME = 'odmd contracts';
/** GitHub takes 65,535 characters. */
const MAX_SUMMARY = 65_000;
const MAX_TITLE = 200;
const MAX_PROBLEM = 10_000;
const REMEMBERED = 1_000;

export interface ContractCheckOptions {
  readonly app: GitHubApp;
  readonly repos: GitHubRepos;
  /** The repository of the contracts, `owner/name`. */
  readonly repo: string;
  /** The contracts in force. */
  readonly inForce: () => Promise<Manifest | undefined>;
}

interface Verdict {
  readonly conclusion: 'success' | 'neutral' | 'failure';
  readonly title: string;
  readonly summary: string;
}

/**
 * The check run `odmd contracts` on pull requests of the contracts: what they would change of the contracts in force, as
 * `odmd diff` says it. It compares the manifest that the CI of the contracts made of the pull request's commit, and is
 * written anew when the contracts in force change. What it says is for those who review: nothing is applied, approved or
 * let through because of it.
 *
 * `success`: nothing breaks, and no administrator is needed · `neutral`: people have to decide · `failure`: the manifest
 * cannot be read.
 */
export class ContractCheck {
  /** What the check of a commit was last made of, by the commit. */
  private readonly made = new Map<string, string>();

  constructor(private readonly options: ContractCheckOptions) {}

  /**
   * Looks at the open pull requests of the repository, those that changed last up to a hundred. Two requests when there
   * is nothing to do, which cost nothing when nothing changed, and four or five for every check.
   *
   * @returns how many checks were written
   */
  async look(): Promise<number> {
    const repo = await this.options.repos.require(this.options.repo);
    const manifests = await proposedManifests(repo);
    if (manifests.size === 0) return 0;
    const inForce = await this.options.inForce();
    if (!inForce) return 0;
    const digest = manifestDigest(inForce);
    let written = 0;
    for (const sha of await headsOfPullRequests(repo)) {
      const manifest = manifests.get(sha);
      if (!manifest) continue;
      const made = `${digest} ${manifest.id}`;
      if (made === this.made.get(sha)) continue;
      if (await this.check(repo, sha, made, () => verdictOf(repo, manifest, inForce))) written++;
      this.remember(sha, made);
    }
    return written;
  }

  private async check(
    { client, at, name }: Repo,
    head_sha: string,
    external_id: string,
    judge: () => Promise<Verdict>,
  ): Promise<boolean> {
    // Others may write checks of this name, which the App cannot change.
    const query = { ...at, ref: head_sha, check_name: NAME, app_id: this.options.app.id };
    const { data } = await ask(name, () => client.checks.listForRef(query));
    const [before] = data.check_runs;
    if (before?.external_id === external_id) return false;
    const { conclusion, title, summary } = await judge();
    const check = {
      ...at,
      name: NAME,
      external_id,
      status: 'completed' as const,
      conclusion,
      output: { title: title.slice(0, MAX_TITLE), summary: summary.slice(0, MAX_SUMMARY) },
    };
    await ask<unknown>(name, () =>
      before
        ? client.checks.update({ ...check, check_run_id: before.id })
        : client.checks.create({ ...check, head_sha }),
    );
    return true;
  }

  private remember(sha: string, made: string): void {
    this.made.delete(sha);
    this.made.set(sha, made);
    const [oldest] = this.made.keys();
    if (this.made.size > REMEMBERED && oldest !== undefined) this.made.delete(oldest);
  }
}

async function headsOfPullRequests({ client, at, name }: Repo): Promise<Set<string>> {
  const query = { ...at, state: 'open', sort: 'updated', direction: 'desc', per_page: 100 } as const;
  const { data } = await ask(name, () => client.pulls.list(query));
  return new Set(data.map(({ head }) => head.sha));
}

async function verdictOf(repo: Repo, proposed: ProposedManifest, inForce: Manifest): Promise<Verdict> {
  const archive = await proposedArchive(repo, proposed);
  let manifest: Manifest;
  try {
    manifest = readManifest(textIn(archive));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const summary = fenced(inert(why.slice(0, MAX_PROBLEM)));
    return { conclusion: 'failure', title: 'The manifest cannot be read', summary };
  }
  const diff = diffManifests(inForce, manifest);
  const [title = ''] = diffText(diff).split('\n', 1);
  const forPeople = diff.breaking.length > 0 || diff.privileged.length > 0;
  return { conclusion: forPeople ? 'neutral' : 'success', title, summary: inert(diffMarkdown(diff)) };
}
