import type { RevisionRef } from '@ondemandenv/contracts-base';
import { GitHubRepos, type UnprotectedRef, unprotected } from '@ondemandenv/control-plane/github';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { GitHubEmulator, INSTALLATION, ORG, type SentRequest } from './emulator.js';
import { identities } from './source-host.bench.js';

const emulator = await GitHubEmulator.start();
afterAll(() => emulator.close());

const main: RevisionRef = { kind: 'branch', ref: 'main' };
const feature: RevisionRef = { kind: 'branch', ref: 'feature/$(id)' };
const tag = (ref: string): RevisionRef => ({ kind: 'tag', ref });
let repo: string;
beforeEach(async () => {
  repo = await emulator.createRepo();
  await emulator.push(repo, main, { message: 'one' });
  await emulator.push(repo, feature, { message: 'two' });
});

type Answer = (request: SentRequest) => Response | undefined;

function reposOf(answer?: Answer): GitHubRepos {
  const installations = { [ORG]: INSTALLATION };
  return new GitHubRepos({ app: emulator.app(answer), installations, identities: identities() });
}

async function gaps(revision: RevisionRef, answer?: Answer): Promise<UnprotectedRef['gaps']> {
  const [found, ...others] = await unprotected(reposOf(answer), [{ repo, revision }]);
  expect(others).toEqual([]);
  return found?.gaps ?? [];
}

async function ruleset(
  target: 'branch' | 'tag',
  types: string[],
  include: string[],
  more: object = {},
): Promise<void> {
  const rules = types.map((type) => ({ type }));
  const conditions = { ref_name: { include, exclude: ['refs/tags/free/**/*'] } };
  const body = { name: 'x', target, enforcement: 'active', conditions, rules, ...more };
  await emulator.rest('POST', `/repos/${repo}/rulesets`, body);
}

async function protect(branch: string, settings: object = {}): Promise<void> {
  await emulator.rest('PUT', `/repos/${repo}/branches/${encodeURIComponent(branch)}/protection`, {
    required_status_checks: null,
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
    ...settings,
  });
}

describe('a branch', () => {
  const ref = 'refs/heads/feature/$(id)';

  it('without any rules is open to everybody; the default branch cannot be deleted', async () => {
    expect(await gaps(feature)).toEqual(['push', 'rewrite', 'replace']);
    expect(await gaps(main)).toEqual(['push', 'rewrite']);
    expect(await gaps({ kind: 'branch', ref: 'not/there' })).toEqual(['push', 'rewrite', 'replace']);
  });

  it.each([
    [['pull_request', 'deletion'], []],
    [['update', 'creation'], []],
    [['merge_queue'], ['replace']],
    [['non_fast_forward', 'deletion'], ['push']],
    [
      ['required_status_checks', 'commit_message_pattern', 'constructor'],
      ['push', 'rewrite', 'replace'],
    ],
  ])('with a ruleset of %j is open to %j', async (types, expected) => {
    await ruleset('branch', types, [ref]);
    expect(await gaps(feature)).toEqual(expected);
  });

  it('is not protected by a ruleset of others, or by one that is only tried out', async () => {
    await ruleset('branch', ['update', 'deletion'], ['refs/heads/other']);
    await ruleset('branch', ['update', 'deletion'], [ref], { enforcement: 'evaluate' });
    await ruleset('tag', ['update', 'deletion'], [ref]);
    expect(await gaps(feature)).toHaveLength(3);
  });

  it.each([
    ['reviews', [], { required_pull_request_reviews: { required_approving_review_count: 1 } }],
    ['chosen people', [], { restrictions: { users: ['admin'], teams: [] } }],
    ['nothing else', ['push'], {}],
    ['force pushes', ['push', 'rewrite'], { allow_force_pushes: true }],
    ['deletions', ['push', 'replace'], { allow_deletions: true }],
  ])('with branch protection and %s is open to %j', async (_what, expected, settings) => {
    await protect(feature.ref, settings);
    expect(await gaps(feature)).toEqual(expected);
  });

  it('with branch protection that the App may not read is not called open', async () => {
    const unreadable: Answer = ({ path }) =>
      path.endsWith('/protection')
        ? Response.json({ message: 'Resource not accessible by integration' }, { status: 403 })
        : undefined;
    await protect(feature.ref);
    expect(await gaps(feature, unreadable)).toBe('unknown');
    await ruleset('branch', ['pull_request', 'deletion'], [ref]);
    expect(await gaps(feature, unreadable)).toEqual([]);
  });
});

describe('a tag', () => {
  beforeEach(async () => {
    await emulator.push(repo, tag('v1'), { message: 'one' });
  });

  it('without rules of tags can be moved and replaced', async () => {
    await ruleset('branch', ['update', 'deletion'], ['~ALL']);
    expect(await gaps(tag('v1'))).toEqual(['rewrite', 'replace']);
  });

  it.each([
    [['update', 'deletion'], ['~ALL'], []],
    [['non_fast_forward'], ['refs/tags/v*'], ['replace']],
    [['update', 'deletion'], ['refs/tags/w*', 'refs/tags/v?'], []],
    [['update', 'deletion'], ['v1'], ['rewrite', 'replace']],
  ])('with a ruleset of %j for %j is open to %j', async (types, include, expected) => {
    await ruleset('tag', types, include);
    expect(await gaps(tag('v1'))).toEqual(expected);
  });

  it('is protected by all rulesets together, unless they leave it out', async () => {
    await ruleset('tag', ['update'], ['~ALL']);
    await ruleset('tag', ['deletion'], ['refs/tags/**/*']);
    await ruleset('branch', ['creation'], ['~ALL']);
    expect(await gaps(tag('v1'))).toEqual([]);
    expect(await gaps(tag('free/for/all'))).toEqual(['rewrite', 'replace']);
  });
});

describe('refs', () => {
  it('are named once each, and those that are protected are not', async () => {
    await ruleset('branch', ['pull_request'], ['refs/heads/main']);
    const refs = [main, feature, main, feature].map((revision) => ({ repo, revision }));
    const found = await unprotected(reposOf(), refs);
    expect(found).toEqual([{ repo, revision: feature, gaps: ['push', 'rewrite', 'replace'] }]);
    expect(await unprotected(reposOf(), [])).toEqual([]);
  });

  it('cost little, and nothing when nothing changed', async () => {
    await ruleset('tag', ['update'], ['~ALL']);
    const repos = reposOf();
    const refs = [main, feature, tag('a'), tag('b')].map((revision) => ({ repo, revision }));
    const statuses = async () => {
      emulator.requests.length = 0;
      await unprotected(repos, refs);
      const asked = emulator.requests.filter(({ path }) => path.startsWith(`/repos/${repo}/`));
      return asked.map(({ status }) => status);
    };
    expect(await statuses()).toEqual([200, 200, 200, 200, 200, 200]);
    expect(await statuses()).toEqual([304, 304, 304, 304, 304, 304]);
  });

  it('are unknown where GitHub refuses, and open where it protects nothing without pay', async () => {
    const refusing = (message: string) => (request: SentRequest) =>
      /\/rules/.test(request.path) ? Response.json({ message }, { status: 403 }) : undefined;
    const forbidden = refusing('Resource not accessible by integration');
    const unpaid = refusing('Upgrade to GitHub Pro or make this repository public to enable this feature.');
    for (const revision of [feature, tag('v1')]) {
      expect(await gaps(revision, forbidden)).toBe('unknown');
      expect(await gaps(revision, unpaid)).toContain('rewrite');
    }
    expect(await unprotected(reposOf(), [{ repo: 'stranger/repo', revision: main }])).toMatchObject([
      { gaps: 'unknown' },
    ]);
  });

  it('are asked for later when GitHub wants patience', async () => {
    const answer = ({ path }: SentRequest) =>
      path.includes('/rules/')
        ? Response.json({ message: 'slow down' }, { status: 403, headers: { 'retry-after': '5' } })
        : undefined;
    await expect(gaps(feature, answer)).rejects.toMatchObject({ retryAfterMs: 5_000 });
  });
});
