import type { RevisionRef } from '@ondemandenv/contracts-base';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answering, json } from './answers.js';
import { GitHubEmulator, type SentRequest } from './emulator.js';
import { entryOf, type HostSettings, hostOf, identities } from './source-host.bench.js';

let emulator: GitHubEmulator;
let repo: string;
beforeAll(async () => {
  emulator = await GitHubEmulator.start();
});
afterAll(() => emulator.close());
beforeEach(async () => {
  repo = await emulator.createRepo();
});

const main: RevisionRef = { kind: 'branch', ref: 'main' };
const host = (settings?: HostSettings) => hostOf(emulator, entryOf(repo), settings);

describe('a repository', () => {
  it('of an owner without an installation does not exist', async () => {
    emulator.requests.length = 0;
    const subject = host();
    expect(await subject.head('stranger/repo', main)).toBeUndefined();
    expect(await subject.refs('stranger/repo')).toEqual([]);
    expect(emulator.requests).toEqual([]);
  });

  it('is read with a token that is asked for once', async () => {
    const other = await emulator.createRepo();
    for (const name of [repo, other]) await emulator.push(name, main, { message: 'one' });
    emulator.requests.length = 0;
    const subject = host();
    for (const name of [repo, other, repo]) expect(await subject.head(name, main)).toBeDefined();
    expect(emulator.requests.filter(({ path }) => path.endsWith('/access_tokens'))).toHaveLength(1);
  });

  it('that another one took the name of is refused', async () => {
    const known = identities();
    const sha = await emulator.push(repo, main, { message: 'one' });
    expect(await host({ known }).head(repo, main)).toBe(sha);
    await emulator.deleteRepo(repo);
    await emulator.createRepo(repo.slice(2));
    await emulator.push(repo, main, { message: 'another' });
    const subject = host({ known });
    const refusal = { code: 'ODMD430' };
    await expect(subject.head(repo, main)).rejects.toMatchObject(refusal);
    await expect(subject.tree(repo, sha, ['.'])).rejects.toMatchObject(refusal);
    await expect(subject.prepare(entryOf(repo))).rejects.toMatchObject(refusal);
    await expect(subject.findRun(repo, 'd-1')).rejects.toMatchObject(refusal);
    expect([await subject.refs(repo), await subject.pullRequests(repo, 0)]).toEqual([[], []]);
  });

  it('that is gone, or was renamed, does not pass for one without branches', async () => {
    const known = identities();
    const { id } = await emulator.rest('GET', `/repos/${repo}`);
    await host({ known }).head(repo, main);
    // GitHub leads from the old name to the new one.
    const renamed = answering(repo, () => json({ id, full_name: 'o/renamed', default_branch: 'main' }));
    const subject = host({ known, ...renamed });
    await expect(subject.head(repo, main)).rejects.toMatchObject({ code: 'ODMD431', message: /o\/renamed/ });
    await emulator.deleteRepo(repo);
    await expect(host({ known }).head(repo, main)).rejects.toMatchObject({ code: 'ODMD431' });
    expect(await host({ known }).refs(repo)).toEqual([]);
  });

  it('that the App may not see any more does not lose its branches', async () => {
    await emulator.push(repo, main, { message: 'one' });
    let hidden = false;
    const answer = ({ path }: SentRequest) =>
      hidden && path.startsWith('/repos/') ? json({ message: 'Not Found' }, 404) : undefined;
    const subject = host({ answer });
    const gone: RevisionRef = { kind: 'branch', ref: 'gone' };
    expect(await subject.head(repo, gone)).toBeUndefined();
    await subject.head(repo, main);
    hidden = true;
    await expect(subject.head(repo, main)).rejects.toMatchObject({ code: 'ODMD431' });
  });

  it('is looked up once a minute', async () => {
    let now = 1_000;
    const subject = host({ now: () => now });
    await emulator.push(repo, main, { message: 'one' });
    const lookUps = async () => {
      emulator.requests.length = 0;
      await subject.head(repo, main);
      await subject.refs(repo);
      return emulator.requests.filter(({ path }) => path === `/repos/${repo}`).length;
    };
    expect([await lookUps(), await lookUps()]).toEqual([1, 0]);
    now += 60_000;
    expect(await lookUps()).toBe(1);
  });
});
