import type { RevisionRef } from '@ondemandenv/contracts-base';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { GitHubEmulator, type SentRequest } from './emulator.js';
import { entryOf, hostOf } from './source-host.bench.js';

const emulator = await GitHubEmulator.start();
afterAll(() => emulator.close());

const main: RevisionRef = { kind: 'branch', ref: 'main' };
let repo: string;
beforeEach(async () => {
  repo = await emulator.createRepo();
  await emulator.push(repo, main, { message: 'one' });
});

/** What GitHub answered, tokens left out. */
async function statusesOf(call: () => Promise<unknown>): Promise<(number | undefined)[]> {
  emulator.requests.length = 0;
  await call();
  return emulator.requests.filter(({ method }) => method === 'GET').map(({ status }) => status);
}

it('what did not change is told by GitHub without an answer that counts', async () => {
  let now = 1_000;
  const host = hostOf(emulator, entryOf(repo), { now: () => now });
  for (let n = 0; n < 3; n++)
    await emulator.push(repo, { kind: 'tag', ref: `v${n}` }, { message: 'annotated' });
  await emulator.push(repo, { kind: 'branch', ref: 'feature/x' }, { message: 'two' });
  await emulator.openPullRequest(repo, 'feature/x');
  const asked = async () => [
    await host.refs(repo),
    await host.pullRequests(repo, 0),
    await host.head(repo, main),
    await host.prepare(entryOf(repo)),
  ];
  await asked(); // Which commits the workflow files.
  now += 60_000; // The repository itself is looked up again.
  const before = await asked();
  now += 60_000;
  let after: unknown;
  const statuses = await statusesOf(async () => {
    after = await asked();
  });
  expect(statuses).toEqual(Array.from({ length: 8 }, () => 304));
  expect(after).toEqual(before);
});

it('what changed is read anew', async () => {
  const host = hostOf(emulator, entryOf(repo));
  await host.refs(repo);
  const sha = await emulator.push(repo, main, { message: 'two' });
  const statuses = await statusesOf(async () =>
    expect(await host.refs(repo)).toEqual([{ revision: main, sha }]),
  );
  expect(statuses.sort()).toEqual([200, 304]);
});

it('pages that are kept lead to the next ones', async () => {
  const page = (n: number) => `/repos/${repo}/git/matching-refs/heads%2F?per_page=100&page=${n}`;
  const answer = (request: SentRequest) => {
    const { path } = request;
    if (!path.includes('/matching-refs/heads')) return undefined;
    const n = Number(new URL(path, emulator.url).searchParams.get('page') ?? 1);
    const link: Record<string, string> = n < 3 ? { link: `<${emulator.url}${page(n + 1)}>; rel="next"` } : {};
    const etag = `"${n}"`;
    const body = [{ ref: `refs/heads/b${n}`, object: { type: 'commit', sha: `${n}` } }];
    if (request.etag === etag) return new Response(null, { status: 304, headers: { etag } });
    return Response.json(body, { headers: { etag, ...link } });
  };
  const host = hostOf(emulator, entryOf(repo), { answer });
  const first = await host.refs(repo);
  expect(first.map(({ sha }) => sha)).toEqual(['1', '2', '3']);
  expect(await host.refs(repo)).toEqual(first);
});

it('each client keeps what it was told itself', async () => {
  for (const host of [hostOf(emulator, entryOf(repo)), hostOf(emulator, entryOf(repo))])
    expect(await statusesOf(() => host.refs(repo))).not.toContain(304);
});

it('what was asked for longest ago is forgotten when too much is kept', async () => {
  const big = [{ ref: `refs/heads/${'x'.repeat(8_000_000)}`, object: { type: 'commit', sha: '1' } }];
  const answer = ({ path }: SentRequest) =>
    path.includes('/matching-refs/heads') ? Response.json(big, { headers: { etag: '"big"' } }) : undefined;
  const host = hostOf(emulator, entryOf(repo), { answer });
  const [first, second, third] = [repo, await emulator.createRepo(), await emulator.createRepo()];
  const isKept = async (name: string) => {
    emulator.requests.length = 0;
    await host.refs(name);
    return emulator.requests.some(({ etag }) => etag === '"big"');
  };
  for (const name of [first, second]) expect(await isKept(name)).toBe(false);
  expect(await isKept(first)).toBe(true);
  await host.refs(third);
  expect(await isKept(first)).toBe(true);
  expect(await isKept(second)).toBe(false);
});
