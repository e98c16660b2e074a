import type { RevisionRef } from '@ondemandenv/contracts-base';
import type { EnverReport, RefReport } from '@ondemandenv/control-plane';
import { GitHubNotifier, GitHubRepos } from '@ondemandenv/control-plane/github';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { GitHubEmulator, INSTALLATION, ORG } from './emulator.js';
import { entryOf, identities } from './source-host.bench.js';

const emulator = await GitHubEmulator.start();
afterAll(() => emulator.close());

const feature: RevisionRef = { kind: 'branch', ref: 'feature/$(id)' };
let repo: string;
let number: number;
let sha: string;
beforeEach(async () => {
  repo = await emulator.createRepo();
  sha = await emulator.push(repo, { kind: 'branch', ref: 'main' }, { message: 'one' });
  await emulator.push(repo, feature, { message: 'two' });
  ({ number } = await emulator.openPullRequest(repo, feature.ref));
});

function notifier(): GitHubNotifier {
  const app = emulator.app();
  const repos = new GitHubRepos({ app, installations: { [ORG]: INSTALLATION }, identities: identities() });
  return new GitHubNotifier({ app, repos, entryOf: async () => entryOf(repo) });
}

async function comments(): Promise<string[]> {
  const found = await emulator.rest('GET', `/repos/${repo}/issues/${number}/comments`);
  return found.map(({ body }: { body: string }) => body);
}

function enver(overrides: Partial<EnverReport> = {}): EnverReport {
  return {
    id: 'web/b..main-_b..feature-id.0123456789ab',
    build: 'web',
    phase: 'deployed',
    reason: 'source 1a2b3c4',
    products: [],
    ...overrides,
  };
}

const report = (...envers: EnverReport[]): RefReport => ({ envers, removal: 'odmd: delete' });
const tell = (said: RefReport) => notifier().report({ repo, revision: feature }, said);
const answer = (message: string) =>
  notifier().answer({ repo, ref: `refs/heads/${feature.ref}`, sha }, { level: 'info', message });

async function writes(call: () => Promise<unknown>): Promise<string[]> {
  emulator.requests.length = 0;
  await call();
  const sent = emulator.requests.filter(({ method, path }) => method !== 'GET' && path.startsWith('/repos/'));
  return sent.map(({ method }) => method);
}

/** What a person sees, with the links in brackets. */
function shown(text: string): string {
  return text
    .replace(/<!--.*?-->/g, '')
    .replace(/<a href="([^"]*)">/g, '[$1]')
    .replace(/<\/?(table|tr|t[dh]|br|p|code|a)( colspan="5")?>/g, ' ')
    .replace(/&#(\d+);/g, (_all, point: string) => String.fromCodePoint(Number(point)))
    .replace(/\s+/g, ' ');
}

describe('a report', () => {
  it('says how the environments of a branch are, what they published, when they go, and how to remove them', async () => {
    const products = [{ name: 'endpoint', value: '"https://x.example.com/a?b=1&c=2"' }];
    await tell(report(enver({ products, expiresAt: Date.UTC(2026, 10, 24, 10, 30) })));
    const [text = '', ...others] = await comments();
    expect(others).toEqual([]);
    const url = 'https://x.example.com/a?b=1&c=2';
    expect(shown(text)).toContain('web/b..main-_b..feature-id.0123456789ab deployed source 1a2b3c4');
    expect(shown(text)).toContain(`endpoint : [${url}] ${url} 2026-11-24 10:30 UTC`);
    expect(shown(text)).toMatch(/To remove it.*odmd: delete/);
  });

  it('is kept up to date in one comment, with the answers below it', async () => {
    await answer('first');
    await tell(report(enver({ phase: 'running' })));
    await answer('second');
    await tell(report(enver({ phase: 'failed' }), enver({ id: 'api/b..main', phase: 'waiting' })));
    const [text = '', ...others] = await comments();
    expect(others).toEqual([]);
    const places = ['failed', 'waiting', '\nsecond\n', '\nfirst\n'].map((part) => text.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(text).not.toContain('running');
  });

  it('that says nothing new writes nothing', async () => {
    expect(await writes(() => tell(report(enver())))).toEqual(['POST']);
    expect(await writes(() => tell(report(enver())))).toEqual([]);
    await answer('an answer');
    expect(await writes(() => tell(report(enver())))).toEqual([]);
    expect(await writes(() => tell(report(enver({ phase: 'running' }))))).toEqual(['PATCH']);
  });

  it('that nothing is left is for those who knew of something', async () => {
    expect(await writes(() => tell(report()))).toEqual([]);
    await tell(report(enver()));
    expect(await writes(() => tell(report()))).toEqual(['PATCH']);
    expect((await comments())[0]).toMatch(/no environments any more/);
  });

  it('is written nowhere without an open pull request, and for no tag', async () => {
    const elsewhere: RevisionRef[] = [
      { kind: 'branch', ref: 'main' },
      { kind: 'tag', ref: feature.ref },
    ];
    for (const revision of elsewhere)
      expect(await writes(() => notifier().report({ repo, revision }, report(enver())))).toEqual([]);
    expect(await comments()).toEqual([]);
  });

  it('is one comment again where two were written at the same time', async () => {
    await Promise.all([tell(report(enver())), answer('an answer')]);
    // One of two that run at the same time may have seen what the other wrote; this one surely did not.
    const client = await emulator.app().client(INSTALLATION);
    const body = '<!-- odmd: answers -->\n**ODMD** (x)\n\n```text\nfrom another process\n```';
    await client.issues.createComment({ owner: ORG, repo: repo.slice(2), issue_number: number, body });
    await tell(report(enver({ phase: 'running' })));
    const [text = '', ...others] = await comments();
    expect(others).toEqual([]);
    for (const part of ['running', 'an answer', 'from another process']) expect(text).toContain(part);
  });

  it.each([
    '</code></td></tr></table>\n\n# big <img src=x onerror=alert(1)>',
    '`a` | b | @admin o/r#1 :tada: https://a.example.com\n\n- [x](https://evil.example.com)',
    '<!-- odmd: next --> <!-- odmd: state --> --> &lt;b&gt; &#60;b>',
    '\u202Ereversed\u0000\u001b[31m \ud800 \\| $(id) $' + '{{ x }}',
    'javascript:alert(1)',
    'https://github.com@evil.example.com/x',
    'https://user:secret@example.com/',
    'https://',
  ])('has nothing in it that %j does', async (hostile) => {
    const value = JSON.stringify(hostile);
    const nested = JSON.stringify({ [hostile]: [hostile, { deeper: hostile }] });
    const products = [value, nested, hostile].map((text) => ({ name: hostile, value: text }));
    await tell({ envers: [enver({ id: hostile, reason: hostile, products })], removal: hostile });
    const [text = ''] = await comments();
    const [, state = ''] = text.split('<!-- odmd: state -->\n');
    expect(text.match(/<!--/g)).toHaveLength(2);
    expect(state).not.toMatch(/\n\s*\n/);
    const known = /<\/?(?:table|tr|t[dh]|br|p|code)>/g;
    // Without its own tags, only letters and numbers are left of it.
    expect(state.replace(known, '')).toMatch(/^(?:[\p{L}\p{N} .,:_/\n-]|&#\d+;)*$/u);
    // And all that came from somewhere else stands in code.
    const outside = state.replace(/<code>[^<]*<\/code>/g, '').replace(known, ' ');
    expect(outside.replace(/\s+/g, ' ').trim()).toBe(
      'Environment State Reason Products Goes, if nothing is pushed before : : : never To remove it, push a commit with this line in its message:',
    );
    await answer('an answer');
    expect((await comments())[0]).toContain(state);
  });

  it('makes links of web addresses only, and shows what they open', async () => {
    const url = `https://ex\u0430mple.com/"><script>`;
    const products = [
      { name: 'a', value: JSON.stringify({ url, list: ['http://plain.example.com', 'ftp://x'] }) },
      { name: 'b', value: JSON.stringify(`https://long.example.com/${'x'.repeat(2_000)}`) },
    ];
    await tell(report(enver({ products })));
    const [text = ''] = await comments();
    expect(
      [...shown(text).matchAll(/\[([^\]]*)\] (\S+)/g)].slice(0, 9).map(([, to, seen]) => [to, seen]),
    ).toEqual([
      ['https://xn--exmple-4nf.com/%22%3E%3Cscript%3E', 'https://xn--exmple-4nf.com/%22%3E%3Cscript%3E'],
      ['http://plain.example.com/', 'http://plain.example.com/'],
    ]);
  });

  it('stays below what GitHub takes, and says what it left out', async () => {
    const products = Array.from({ length: 500 }, (_, n) => ({
      name: `p${n}`,
      value: JSON.stringify('<'.repeat(3_000)),
    }));
    const envers = Array.from({ length: 40 }, (_, n) =>
      enver({ id: `web/${n}`, reason: '"'.repeat(9_000), products }),
    );
    for (let n = 0; n < 6; n++) await answer(`${n} ${'x'.repeat(20_000)}`);
    await tell(report(...envers));
    const [text = ''] = await comments();
    expect(text.length).toBeLessThan(65_536);
    expect(shown(text)).toMatch(/web\/0 .*and \d+ more.*and 3\d more.*odmd: delete/);
    expect(text).toContain('\n5 x');
  });
});
