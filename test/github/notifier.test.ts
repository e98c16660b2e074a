import type { RevisionRef } from '@ondemandenv/contracts-base';
import { notifierConformance } from '@ondemandenv/control-plane/conformance';
import { GitHubNotifier, GitHubRepos } from '@ondemandenv/control-plane/github';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GitHubEmulator, INSTALLATION, ORG, type SentRequest } from './emulator.js';
import { entryOf, identities } from './source-host.bench.js';

const emulator = await GitHubEmulator.start();
afterAll(() => emulator.close());

const main: RevisionRef = { kind: 'branch', ref: 'main' };

function notifierOf(
  repo: string,
  answer?: (request: SentRequest) => Response | undefined,
  onUnsaid?: (text: string) => void,
) {
  const app = emulator.app(answer);
  const repos = new GitHubRepos({ app, installations: { [ORG]: INSTALLATION }, identities: identities() });
  return new GitHubNotifier({
    app,
    repos,
    entryOf: async () => entryOf(repo),
    ...(onUnsaid && { onUnsaid }),
  });
}

async function onCommits(repo: string): Promise<string[]> {
  return (await emulator.rest('GET', `/repos/${repo}/comments`)).map(({ body }: { body: string }) => body);
}

async function onPull(repo: string, number: number): Promise<string[]> {
  const comments = await emulator.rest('GET', `/repos/${repo}/issues/${number}/comments`);
  return comments.map(({ body }: { body: string }) => body);
}

notifierConformance('GitHub', async () => {
  const repo = 'o/r';
  await emulator.deleteRepo(repo).catch(() => {});
  await emulator.createRepo('r');
  await emulator.push(repo, main, { message: 'one' });
  await emulator.push(repo, { kind: 'branch', ref: '功能' }, { message: 'two' });
  const { number } = await emulator.openPullRequest(repo, '功能');
  const texts = async () => [...(await onCommits(repo)), ...(await onPull(repo, number))];
  return { notifier: notifierOf(repo), texts };
});

describe('an answer', () => {
  let repo: string;
  let sha: string;
  const hostile =
    '`a` ```js\n<img src=x onerror=alert(1)> @admin o/r#1 <!-- odmd: next -->\n````\n\u202Ereversed';
  beforeAll(() => {
    emulator.requests.length = 0;
  });
  beforeEach(async () => {
    repo = await emulator.createRepo();
    sha = await emulator.push(repo, main, { message: 'one' });
  });

  it('is a comment on the commit, once', async () => {
    const to = { repo, ref: 'refs/heads/main', sha };
    await notifierOf(repo).answer(to, { level: 'error', message: 'no such build' });
    await notifierOf(repo).answer(to, { level: 'error', message: 'no such build' });
    expect(await onCommits(repo)).toEqual([expect.stringMatching(/could not[\s\S]*no such build/)]);
    await notifierOf(repo).answer(to, { level: 'info', message: 'another' });
    expect(await onCommits(repo)).toHaveLength(2);
  });

  it('is one comment on the open pull request, kept up to date', async () => {
    const branch = 'feature/$(id)';
    await emulator.push(repo, { kind: 'branch', ref: branch }, { message: 'two' });
    const { number, close } = await emulator.openPullRequest(repo, branch);
    // Somebody writes the mark of the platform into a comment of their own.
    const forged = { body: '<!-- odmd: answers -->\nnothing to see here' };
    await emulator.rest('POST', `/repos/${repo}/issues/${number}/comments`, forged);
    const to = { repo, ref: `refs/heads/${branch}`, sha };
    for (const message of ['first', hostile, 'third', 'third', 'first'])
      await notifierOf(repo).answer(to, { level: 'info', message });
    const [theirs, ours = '', ...others] = await onPull(repo, number);
    expect([theirs, others]).toEqual([forged.body, []]);
    expect(ours.split('<!-- odmd: next -->')).toHaveLength(3);
    expect(ours.indexOf('third')).toBeLessThan(ours.indexOf('first'));
    expect(await onCommits(repo)).toEqual([]);
    await close();
    await notifierOf(repo).answer(to, { level: 'info', message: 'late' });
    expect(await onCommits(repo)).toHaveLength(1);
  });

  it('forgets the oldest when a comment would be too long', async () => {
    await emulator.push(repo, { kind: 'branch', ref: 'x' }, { message: 'two' });
    const { number } = await emulator.openPullRequest(repo, 'x');
    for (let n = 0; n < 8; n++)
      await notifierOf(repo).answer(
        { repo, ref: 'refs/heads/x', sha },
        { level: 'info', message: `${n} ${'x'.repeat(20_000)}` },
      );
    const [text = ''] = await onPull(repo, number);
    expect(text.length).toBeLessThan(65_536);
    expect([text.includes('\n7 x'), text.includes('\n0 x')]).toEqual([true, false]);
  });

  it('does nothing of what stands in it', async () => {
    await notifierOf(repo).answer({ repo, ref: 'refs/heads/main', sha }, { level: 'info', message: hostile });
    const [text = ''] = await onCommits(repo);
    const [, fence = '', inside = ''] = /^(`{3,})text\n([\s\S]*)\n\1$/m.exec(text) ?? [];
    expect(inside).toContain('<img src=x onerror=alert(1)> @admin');
    expect(inside).not.toContain(fence);
    expect(text).not.toMatch(/\u202E|<!-- odmd/);
  });

  it('that GitHub refuses is told to whoever listens, and one that it puts off comes again', async () => {
    const unsaid: string[] = [];
    const to = { repo, ref: 'refs/heads/main', sha };
    const refusing = (status: number, headers = {}) =>
      notifierOf(
        repo,
        ({ method }) =>
          method === 'POST' ? Response.json({ message: 'no' }, { status, headers }) : undefined,
        (text) => unsaid.push(text),
      );
    // The token is had by a POST too: what is refused comes after it.
    const withToken = (status: number, headers = {}) =>
      notifierOf(
        repo,
        ({ path }) =>
          path.endsWith('/comments') ? Response.json({ message: 'no' }, { status, headers }) : undefined,
        (text) => unsaid.push(text),
      );
    await withToken(403).answer(to, { level: 'info', message: 'said to nobody' });
    await refusing(403).answer(to, { level: 'info', message: 'nor this' });
    expect(unsaid).toEqual(['said to nobody', 'nor this']);
    const putOff = withToken(403, { 'retry-after': '9' }).answer(to, { level: 'info', message: 'later' });
    await expect(putOff).rejects.toMatchObject({ retryAfterMs: 9_000 });
  });

  it('to a commit that is not there is not said', async () => {
    const unsaid: string[] = [];
    const notifier = notifierOf(repo, undefined, (text) => unsaid.push(text));
    await notifier.answer(
      { repo, ref: 'refs/tags/v1', sha: 'f'.repeat(40) },
      { level: 'info', message: 'lost' },
    );
    expect(unsaid).toEqual(['lost']);
  });
});
