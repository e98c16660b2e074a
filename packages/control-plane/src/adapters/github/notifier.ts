import {
  type EnverEntry,
  OdmdError,
  parseFullRef,
  type RevisionRef,
  repoName,
} from '@ondemandenv/contracts-base';
import type { Answer, Notifier, RefReport } from '../../ports/notifier.js';
import type { GitHubApp } from './app.js';
import { ask, find } from './ask.js';
import { blockOf, type Comment, type Said, withAnswer } from './comment-text.js';
import { changeComment } from './pull-request-comment.js';
import { openPullRequest } from './pull-requests.js';
import { head } from './refs.js';
import { reportText } from './report-text.js';
import type { GitHubRepos, Repo } from './repos.js';

export interface GitHubNotifierOptions {
  readonly app: GitHubApp;
  readonly repos: GitHubRepos;
  /** The contract entry of an enver or clone. */
  readonly entryOf: (enverId: string) => Promise<EnverEntry | undefined>;
  /** Hears of what GitHub does not let the platform say: that must not keep it from its work. */
  readonly onUnsaid?: (text: string, why: unknown) => void;
}

interface Place {
  readonly repo: string;
  readonly ref: string;
  readonly sha: string;
}

/**
 * Says things where the person looks: in one comment on the open pull request of the branch, kept up to date, else on
 * the commit. Saying the same again changes nothing.
 *
 * An alarm is said in the same places, about the newest commit of the enver's source: GitHub tells it to those who work
 * on it. Who watches no repository does not hear of it.
 *
 * Requests: three on a pull request, three on a commit of a branch, two on that of a tag, three of a report; one less when
 * nothing is new, and one when there is no pull request to report to.
 */
export class GitHubNotifier implements Notifier {
  constructor(private readonly options: GitHubNotifierOptions) {}

  async answer(to: Place, answer: Answer): Promise<void> {
    // A comment stays; every push to a branch without an enver would leave one.
    if (answer.passing) return;
    await this.unlessRefused(answer.message, async () => {
      const repo = await this.options.repos.require(to.repo);
      const revision = parseFullRef(to.ref);
      if (revision) await this.say(repo, revision, { ...answer, sha: to.sha });
    });
  }

  async alarm({ enver, message }: { enver: string; message: string }): Promise<void> {
    const text = `${enver}: ${message}`;
    await this.unlessRefused(text, async () => {
      const entry = await this.options.entryOf(enver);
      const repo = entry && (await this.options.repos.require(repoName(entry.repo)));
      const sha = repo && (await head(repo, entry.revision));
      if (sha) await this.say(repo, entry.revision, { level: 'info', message: text, sha });
      else this.options.onUnsaid?.(text, `${enver} has no source at which it could be said`);
    });
  }

  /**
   * Shown at the top of the comment on the open pull request of the branch. Without one, and for a tag, nothing is
   * written: nobody would look there.
   */
  async report(to: { repo: string; revision: RevisionRef }, report: RefReport): Promise<void> {
    const { kind, ref } = to.revision;
    if (kind !== 'branch') return;
    await this.unlessRefused(`how the environments of ${ref} are`, async () => {
      const repo = await this.options.repos.require(to.repo);
      const pull = await openPullRequest(repo, ref);
      if (!pull) return;
      await this.onPullRequest(repo, pull.number, (before) => {
        // That there is nothing any more is no news to whoever never heard of anything.
        if (report.envers.length === 0 && before.state === undefined) return before;
        return { ...before, state: reportText(report) };
      });
    });
  }

  private async say(repo: Repo, revision: RevisionRef, said: Said): Promise<void> {
    const pull = revision.kind === 'branch' ? await openPullRequest(repo, revision.ref) : undefined;
    if (pull) await this.onPullRequest(repo, pull.number, (before) => withAnswer(before, said));
    else await this.onCommit(repo, said);
  }

  private async onPullRequest(
    repo: Repo,
    number: number,
    change: (before: Comment) => Comment,
  ): Promise<void> {
    const login = await ask(repo.name, () => this.options.app.login());
    await changeComment(repo, number, login, change);
  }

  private async onCommit({ client, at, name }: Repo, said: Said): Promise<void> {
    const body = blockOf(said);
    const commit = { ...at, commit_sha: said.sha };
    const before = await find(
      name,
      () => client.paginate(client.repos.listCommentsForCommit, { ...commit, per_page: 100 }),
      [404, 422],
    );
    if (before?.some((comment) => comment.body === body)) return;
    await ask(name, () => client.repos.createCommitComment({ ...commit, body }));
  }

  /** What GitHub asks patience for is said later; what it refuses is not said at all. */
  private async unlessRefused(text: string, say: () => Promise<void>): Promise<void> {
    try {
      await say();
    } catch (error) {
      if (!(error instanceof OdmdError)) throw error;
      this.options.onUnsaid?.(text, error);
    }
  }
}
