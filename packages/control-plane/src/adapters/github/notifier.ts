import {
  type EnverEntry,
  OdmdError,
  parseFullRef,
  type RevisionRef,
  repoName,
} from '@ondemandenv/contracts-base';
import type { Answer, Notifier } from '../../ports/notifier.js';
import type { GitHubApp } from './app.js';
import { ask, find } from './ask.js';
import { blockOf, firstText, MARK, type Said, withAnswer } from './comment-text.js';
import { openPullRequest } from './pull-requests.js';
import { head } from './refs.js';
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
 * Requests: three on a pull request, three on a commit of a branch, two on that of a tag; one less when nothing is new.
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

  private async say(repo: Repo, revision: RevisionRef, said: Said): Promise<void> {
    const pull = revision.kind === 'branch' ? await openPullRequest(repo, revision.ref) : undefined;
    if (pull) await this.onPullRequest(repo, pull.number, said);
    else await this.onCommit(repo, said);
  }

  private async onPullRequest(repo: Repo, number: number, said: Said): Promise<void> {
    const { client, at, name } = repo;
    const comments = await ask(name, () =>
      client.paginate(client.issues.listComments, { ...at, issue_number: number, per_page: 100 }),
    );
    const login = await ask(name, () => this.options.app.login());
    // Anybody may write the mark into a comment of their own.
    const own = comments.find(({ body, user }) => user?.login === login && body?.startsWith(MARK));
    if (!own) {
      const body = firstText(said);
      await ask(name, () => client.issues.createComment({ ...at, issue_number: number, body }));
      return;
    }
    const body = withAnswer(own.body ?? '', said);
    if (body === own.body) return;
    await ask(name, () => client.issues.updateComment({ ...at, comment_id: own.id, body }));
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
