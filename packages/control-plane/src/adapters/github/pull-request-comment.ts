import { ask } from './ask.js';
import { type Comment, commentText, MARK, parseComment } from './comment-text.js';
import type { Repo } from './repos.js';

/**
 * Changes the one comment that the platform has on a pull request; writes only what is different. GitHub has no way to
 * write only what nobody has changed meanwhile: of two at the same time, one may overwrite the other, and both may write
 * a first comment, of which whoever comes next makes one. Two requests.
 *
 * @param login under which the platform writes
 * @param change what becomes of the comment, of an empty one if there was none
 */
export async function changeComment(
  { client, at, name }: Repo,
  number: number,
  login: string,
  change: (before: Comment) => Comment,
): Promise<void> {
  const comments = await ask(name, () =>
    client.paginate(client.issues.listComments, { ...at, issue_number: number, per_page: 100 }),
  );
  // Anybody may write the mark into a comment of their own.
  const [own, ...others] = comments.filter(
    ({ body, user }) => user?.login === login && body?.startsWith(MARK),
  );
  const [first, ...more] = [own, ...others].map((comment) => parseComment(comment?.body ?? MARK));
  const answers = [...(first?.answers ?? []), ...more.flatMap((comment) => comment.answers)];
  const body = commentText(change({ ...first, answers: [...new Set(answers)] }));
  if (own && own.body !== body)
    await ask(name, () => client.issues.updateComment({ ...at, comment_id: own.id, body }));
  else if (!own && body !== MARK)
    await ask(name, () => client.issues.createComment({ ...at, issue_number: number, body }));
  for (const { id } of others) await ask(name, () => client.issues.deleteComment({ ...at, comment_id: id }));
}
