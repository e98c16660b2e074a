import {
  Build,
  Consumer,
  Contracts,
  ContractsLibEnver,
  type Manifest,
  Producer,
  Revision,
  ScriptEnver,
  writeManifest,
} from '@ondemandenv/contracts-base';
import { ContractCheck, GitHubRepos } from '@ondemandenv/control-plane/github';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { zipOf } from './artifacts.js';
import { GitHubEmulator, INSTALLATION, ORG } from './emulator.js';
import { identities } from './source-host.bench.js';

const emulator = await GitHubEmulator.start();
afterAll(() => emulator.close());

interface Change {
  readonly menu?: z.ZodType;
  readonly repoOfWeb?: string;
  readonly producer?: string;
}

function manifestOf({ menu = z.string(), repoOfWeb = 'web', producer = 'extra' }: Change = {}): Manifest {
  const org = new Contracts('org', {
    accounts: { central: { id: '111111111111', central: true }, dev: { id: '222222222222' } },
    repos: { contracts: { owner: ORG, name: 'contracts' }, web: { owner: ORG, name: repoOfWeb } },
  });
  const place = { revision: Revision.branch('main'), account: 'dev', region: 'us-west-1' };
  new ContractsLibEnver(new Build(org, 'contracts', { repo: 'contracts' }), place);
  const commands = { deploy: ['make'], destroy: ['make clean'] };
  const base = new ScriptEnver(new Build(org, 'base', { repo: 'web' }), { ...place, ...commands });
  const shop = new ScriptEnver(new Build(org, 'shop', { repo: 'web' }), { ...place, ...commands });
  new Consumer(shop, 'menu', new Producer(base, 'menu', { schema: menu }));
  new Producer(base, producer, { schema: z.string() });
  const result = org.synth();
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.manifest;
}

interface CheckRun {
  readonly name: string;
  readonly head_sha: string;
  readonly status: string;
  readonly conclusion: string;
  readonly output: { readonly title: string; readonly summary: string };
}

let repo: string;
let inForce: Manifest | undefined;
beforeEach(async () => {
  repo = await emulator.createRepo();
  inForce = manifestOf();
  await emulator.push(repo, { kind: 'branch', ref: 'main' }, { message: 'one' });
});

function contractCheck(): ContractCheck {
  const app = emulator.app();
  const repos = new GitHubRepos({ app, installations: { [ORG]: INSTALLATION }, identities: identities() });
  return new ContractCheck({ app, repos, repo, inForce: async () => inForce });
}

/** Opens a pull request. @returns its commit */
async function propose(branch: string): Promise<string> {
  const sha = await emulator.push(repo, { kind: 'branch', ref: branch }, { message: branch });
  await emulator.openPullRequest(repo, branch);
  return sha;
}

/** Plays the CI of the contracts. */
function upload(sha: string, text: string, file = 'manifest.json'): void {
  emulator.artifacts?.keep(repo, sha, 'odmd-manifest', zipOf({ 'readme.txt': 'x', [file]: text }));
}

async function checks(sha: string): Promise<CheckRun[]> {
  return (await emulator.rest('GET', `/repos/${repo}/commits/${sha}/check-runs?filter=all`)).check_runs;
}

async function requestsOf(call: () => Promise<unknown>): Promise<string[]> {
  emulator.requests.length = 0;
  await call();
  return emulator.requests
    .filter(({ path }) => path.startsWith(`/repos/${repo}/`))
    .map(({ method, status }) => `${method} ${status}`);
}

describe('the check of a pull request of the contracts', () => {
  it('says what would change, as odmd diff does', async () => {
    const sha = await propose('feature/x');
    upload(sha, writeManifest(manifestOf({ producer: 'other' })));
    expect(await contractCheck().look()).toBe(1);
    const [check, ...others] = await checks(sha);
    expect(others).toEqual([]);
    expect(check).toMatchObject({ name: 'odmd contracts', status: 'completed', conclusion: 'success' });
    expect(check?.output.title).toMatch(/minor version/);
    expect(check?.output.summary).toContain('`base/b..main/other`: added');
  });

  it.each<[string, Change, string]>([
    ['nothing', {}, 'success'],
    ['something that breaks a consumer', { menu: z.number() }, 'neutral'],
    ['something for administrators', { repoOfWeb: 'elsewhere' }, 'neutral'],
  ])('that changes %s is so', async (_what, change, conclusion) => {
    const sha = await propose('x');
    upload(sha, writeManifest(manifestOf(change)));
    await contractCheck().look();
    expect(await checks(sha)).toMatchObject([{ conclusion }]);
  });

  it('is written once, and asks for little when nothing is new', async () => {
    const sha = await propose('x');
    const subject = contractCheck();
    expect(await requestsOf(() => subject.look())).toHaveLength(1); // Nothing is proposed.
    upload(sha, writeManifest(manifestOf()));
    // Artifacts, pull requests, checks, the archive, and the check.
    expect(await requestsOf(() => subject.look())).toEqual([
      'GET 200',
      'GET 200',
      'GET 200',
      'GET 200',
      'POST 201',
    ]);
    expect(await requestsOf(() => subject.look())).toEqual(['GET 304', 'GET 304']);
    // Another process, which remembers nothing.
    expect(await contractCheck().look()).toBe(0);
    expect(await checks(sha)).toHaveLength(1);
  });

  it('is written anew when the contracts in force change, and when CI ran again', async () => {
    const sha = await propose('x');
    upload(sha, writeManifest(manifestOf()));
    const subject = contractCheck();
    await subject.look();
    inForce = manifestOf({ producer: 'before' });
    expect(await subject.look()).toBe(1);
    expect(await checks(sha)).toMatchObject([{ output: { summary: expect.stringContaining('before') } }]);
    upload(sha, writeManifest(manifestOf({ producer: 'again' })));
    expect(await subject.look()).toBe(1);
    expect(await checks(sha)).toMatchObject([{ output: { summary: expect.stringContaining('again') } }]);
    expect(await subject.look()).toBe(0);
  });

  it('is written for open pull requests with a manifest only, and when there are contracts in force', async () => {
    const without = await propose('without');
    const pushed = await emulator.push(
      repo,
      { kind: 'branch', ref: 'pushed' },
      { message: 'no pull request' },
    );
    const closed = await emulator.push(repo, { kind: 'branch', ref: 'closed' }, { message: 'closed' });
    await (await emulator.openPullRequest(repo, 'closed')).close();
    for (const sha of [pushed, closed]) upload(sha, writeManifest(manifestOf()));
    emulator.artifacts?.keep(repo, without, 'another', zipOf({ 'manifest.json': '{}' }));
    expect(await contractCheck().look()).toBe(0);
    for (const sha of [without, pushed, closed]) expect(await checks(sha)).toEqual([]);
    upload(without, writeManifest(manifestOf()));
    inForce = undefined;
    expect(await contractCheck().look()).toBe(0);
    inForce = manifestOf();
    expect(await contractCheck().look()).toBe(1);
  });

  it.each<[string, (sha: string) => void, RegExp]>([
    ['is not JSON', (sha) => upload(sha, 'x ````` @admin'), /ODMD201|JSON/],
    ['is of another version', (sha) => upload(sha, '{"schemaVersion": 99}'), /schema version 99/],
    ['is not there', (sha) => upload(sha, '{}', 'other.json'), /does not have manifest.json/],
    ['is no archive', (sha) => keep(sha, Buffer.from('no archive')), /no zip archive/],
    ['has a broken archive', (sha) => keep(sha, broken()), /./],
    ['is a large archive', (sha) => keep(sha, zipOf({}), 9_000_000), /more than \d+ bytes/],
    ['unpacks to more than anybody has', (sha) => upload(sha, ' '.repeat(40_000_000)), /larger than/],
  ])('fails when the manifest %s', async (_what, make, why) => {
    const sha = await propose('x');
    make(sha);
    expect(await contractCheck().look()).toBe(1);
    const [check] = await checks(sha);
    expect(check).toMatchObject({ conclusion: 'failure', output: { title: 'The manifest cannot be read' } });
    expect(check?.output.summary).toMatch(why);
    expect(check?.output.summary).toMatch(/^(`{3,})text\n[\s\S]*\n\1$/);
  });

  it('of one pull request does not wait for that of another', async () => {
    const [bad, good] = [await propose('bad'), await propose('good')];
    upload(bad, 'nothing');
    upload(good, writeManifest(manifestOf()));
    expect(await contractCheck().look()).toBe(2);
  });

  it('fits, however much changes', async () => {
    const org = manifestOf();
    const base = org.envers['base/b..main'];
    if (!base) throw new Error('the enver is gone');
    const owner = '\u202E@admin <img src=x> '.repeat(20_000);
    const sha = await propose('x');
    const changed = { ...org, envers: { ...org.envers, [base.id]: { ...base, owner } } } as Manifest;
    upload(sha, writeManifest(changed));
    await contractCheck().look();
    const [check] = await checks(sha);
    expect(check?.conclusion).toBe('success');
    expect(check?.output.summary.length).toBeLessThan(65_535);
    expect(check?.output.summary).not.toMatch(/\u202E|@admin|[^\\]<img/);
  });
});

function keep(sha: string, archive: Buffer, size?: number): void {
  emulator.artifacts?.keep(repo, sha, 'odmd-manifest', archive, size);
}

/** An archive whose list of files points nowhere. */
function broken(): Buffer {
  const archive = zipOf({ 'manifest.json': '{}' });
  archive.writeUInt32LE(0xffff, archive.length - 6);
  return archive;
}
