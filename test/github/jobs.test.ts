import type { EnverEntry, RevisionRef } from '@ondemandenv/contracts-base';
import type { RunRequest } from '@ondemandenv/control-plane';
import { ThrottledError } from '@ondemandenv/control-plane';
import { LATER_STEP } from '@ondemandenv/workflow-gen';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GitHubEmulator, type SentRequest } from './emulator.js';
import { entryOf, type HostSettings, hostOf, workflowsOf } from './source-host.bench.js';

let emulator: GitHubEmulator;
let repo: string;
let first: string;
let ids = 0;
beforeAll(async () => {
  emulator = await GitHubEmulator.start();
});
afterAll(() => emulator.close());
beforeEach(async () => {
  repo = await emulator.createRepo();
  first = await emulator.push(repo, main, { message: 'one', files: { 'a/one': '1' } });
});

const main: RevisionRef = { kind: 'branch', ref: 'main' };
const hostile: RevisionRef = { kind: 'branch', ref: '$(id)/功能' };
const host = (entry = entryOf(repo), settings?: HostSettings) => hostOf(emulator, entry, settings);
const [deploy, teardown] = workflowsOf(entryOf('o/any'));

async function contentOn(ref: string, path: string): Promise<string | undefined> {
  const found = await emulator
    .rest('GET', `/repos/${repo}/contents/${path}?ref=${encodeURIComponent(ref)}`)
    .catch(() => undefined);
  return found && Buffer.from(found.content, 'base64').toString();
}

async function commitsOn(ref: string): Promise<number> {
  return (await emulator.rest('GET', `/repos/${repo}/commits?sha=${encodeURIComponent(ref)}&per_page=100`))
    .length;
}

function request(entry: EnverEntry, overrides: Partial<RunRequest> = {}): RunRequest {
  return {
    dispatchId: `abc-${++ids}`,
    repo,
    revision: entry.revision,
    sha: first,
    enverId: entry.id,
    purpose: 'deploy',
    reason: 'foundation/b..main/bus 3 → 4',
    timeoutMinutes: 30,
    ...overrides,
  };
}

async function runs(): Promise<{ head_branch: string; display_title: string; path: string }[]> {
  return (await emulator.rest('GET', `/repos/${repo}/actions/runs`)).workflow_runs;
}

function writes(): string[] {
  return emulator.requests
    .filter(({ method, path }) => method !== 'GET' && !path.endsWith('access_tokens'))
    .map(({ method, path }) => `${method} ${path.replace(`/repos/${repo}`, '')}`);
}

describe('workflow files', () => {
  it('are committed once: to the default branch, then the one that deploys to the ref', async () => {
    await emulator.push(repo, hostile, { message: 'two' });
    const entry = entryOf(repo, { revision: hostile });
    const subject = host(entry);
    expect(await subject.prepare(entry)).toEqual({ state: 'ready' });
    expect(await contentOn('main', deploy.path)).toBe(deploy.content);
    expect(await contentOn('main', teardown.path)).toBe(teardown.content);
    expect(await contentOn(hostile.ref, deploy.path)).toBe(deploy.content);
    expect(await contentOn(hostile.ref, teardown.path)).toBeUndefined();
    const commits = [await commitsOn('main'), await commitsOn(hostile.ref)];
    emulator.requests.length = 0;
    expect(await subject.prepare(entry)).toEqual({ state: 'ready' });
    expect([await commitsOn('main'), await commitsOn(hostile.ref)]).toEqual(commits);
    expect(writes()).toEqual([]);
    expect(emulator.requests).toHaveLength(3);
  });

  it('are brought up to date where they differ, and are no change of the source', async () => {
    const subject = host();
    await subject.prepare(entryOf(repo));
    const before = await subject.tree(repo, (await subject.head(repo, main)) ?? '', ['.']);
    await emulator.push(repo, main, { message: 'by hand', files: { [deploy.path]: 'something else' } });
    await subject.prepare(entryOf(repo));
    expect(await contentOn('main', deploy.path)).toBe(deploy.content);
    expect(await subject.tree(repo, (await subject.head(repo, main)) ?? '', ['.'])).toBe(before);
  });

  it('a tag has or never gets', async () => {
    await emulator.push(repo, { kind: 'tag', ref: 'early' }, { message: 'early' });
    const prepare = (ref: string) => {
      const entry = entryOf(repo, { revision: { kind: 'tag', ref } });
      return host(entry).prepare(entry);
    };
    expect(await prepare('early')).toMatchObject({ state: 'waiting', condition: 'TagWithoutWorkflow' });
    await emulator.push(repo, main, { message: 'edited', files: { [deploy.path]: 'an older release' } });
    await emulator.push(repo, { kind: 'tag', ref: 'late' }, { message: 'late' });
    // Never required to be the same, only to be there.
    expect(await prepare('late')).toEqual({ state: 'ready' });
  });

  it.each([
    ['main', main],
    ['a ref', { kind: 'branch', ref: 'release' } as const],
  ])('are proposed in one pull request when %s is protected', async (_what, revision) => {
    if (revision !== main) await emulator.push(repo, revision, { message: 'two' });
    await emulator.rest('PUT', `/repos/${repo}/branches/${revision.ref}/protection`, {
      required_status_checks: null,
      enforce_admins: true,
      required_pull_request_reviews: { required_approving_review_count: 1 },
      restrictions: null,
    });
    const entry = entryOf(repo, { revision });
    const subject = host(entry);
    const waiting = {
      state: 'waiting',
      condition: 'WaitingForWorkflow',
      message: expect.stringMatching(/#\d+/),
    };
    expect(await subject.prepare(entry)).toEqual(waiting);
    expect(await subject.prepare(entry)).toEqual(waiting);
    const pulls: { base: { ref: string }; head: { ref: string } }[] = await emulator.rest(
      'GET',
      `/repos/${repo}/pulls`,
    );
    expect(pulls.map(({ base }) => base.ref)).toEqual([revision.ref]);
    expect(await contentOn(pulls[0]?.head.ref ?? '', deploy.path)).toBe(deploy.content);
    expect(await contentOn(revision.ref, deploy.path)).toBeUndefined();
  });
});

describe('a dispatch', () => {
  it('starts one run on the ref of the enver, however often it is asked for', async () => {
    await emulator.push(repo, hostile, { message: 'two' });
    const entry = entryOf(repo, { revision: hostile });
    const subject = host(entry);
    await subject.prepare(entry);
    const wanted = request(entry);
    await subject.dispatch(wanted);
    await subject.dispatch(wanted);
    await host(entry).dispatch(wanted); // Another process, which remembers nothing.
    const name = `ODMD deploy ${wanted.dispatchId} ${entry.id}`;
    expect(await runs()).toMatchObject([
      { head_branch: hostile.ref, display_title: name, path: deploy.path },
    ]);
    await subject.dispatch(request(entry));
    expect(await runs()).toHaveLength(2);
  });

  it('tells the job what it is', async () => {
    const bodies: unknown[] = [];
    const entry = entryOf(repo);
    await host(entry).prepare(entry);
    const wanted = request(entry);
    const answer = ({ path, body }: SentRequest) => void (path.endsWith('/dispatches') && bodies.push(body));
    await host(entry, { answer }).dispatch(wanted);
    const inputs = { enver: entry.id, dispatch: wanted.dispatchId, sha: first, reason: wanted.reason };
    expect(bodies).toEqual([{ ref: 'refs/heads/main', inputs, return_run_details: true }]);
  });

  it('of a teardown runs on the default branch, though the ref is gone', async () => {
    const entry = entryOf(repo, { revision: hostile });
    await host().prepare(entryOf(repo));
    await host(entry).dispatch(request(entry, { purpose: 'destroy' }));
    expect(await runs()).toMatchObject([{ head_branch: 'main', path: teardown.path }]);
  });

  it('puts a workflow back that somebody removed, and comes again', async () => {
    const entry = entryOf(repo);
    const wanted = request(entry);
    const error = await host(entry)
      .dispatch(wanted)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ThrottledError);
    await host(entry).dispatch(wanted);
    expect(await runs()).toHaveLength(1);
  });

  it('on a ref without the file is an error that says so', async () => {
    await host().prepare(entryOf(repo));
    const revision: RevisionRef = { kind: 'branch', ref: 'old' };
    await emulator.push(repo, revision, { message: 'two', from: first });
    const entry = entryOf(repo, { revision });
    await expect(host(entry).dispatch(request(entry))).rejects.toMatchObject({
      code: 'ODMD434',
      message: expect.stringContaining('workflow_dispatch'),
    });
  });

  it('that fails at GitHub is put off, and not sent again right away', async () => {
    const entry = entryOf(repo);
    await host(entry).prepare(entry);
    const answer = ({ path }: SentRequest) =>
      path.endsWith('/dispatches') ? Response.json({ message: 'Bad gateway' }, { status: 502 }) : undefined;
    emulator.requests.length = 0;
    const dispatched = host(entry, { answer }).dispatch(request(entry));
    await expect(dispatched).rejects.toMatchObject({ name: 'ThrottledError', retryAfterMs: 30_000 });
    expect(writes()).toHaveLength(1);
  });

  it('that GitHub took but does not list yet is not sent again', async () => {
    const entry = entryOf(repo);
    await host(entry).prepare(entry);
    let now = Date.now();
    const answer = ({ path }: SentRequest) =>
      path.includes('/actions/runs?') ? Response.json({ total_count: 0, workflow_runs: [] }) : undefined;
    const subject = host(entry, { answer, now: () => now });
    const wanted = request(entry);
    await subject.dispatch(wanted);
    expect(await subject.findRun(repo, wanted.dispatchId)).toEqual({ state: 'queued' });
    await subject.dispatch(wanted);
    expect(await runs()).toHaveLength(1);
    now += 60_000;
    expect(await subject.findRun(repo, wanted.dispatchId)).toBeUndefined();
  });

  it('of which GitHub names the run is found by it', async () => {
    const entry = entryOf(repo);
    await host(entry).prepare(entry);
    // GitHub's own answer since 2026; the emulator has the older one, without content.
    const details = { workflow_run_id: 7, run_url: 'https://x/7', html_url: 'https://x/7' };
    const run = { id: 7, status: 'in_progress', conclusion: null, html_url: 'https://x/7' };
    const answer = ({ path }: SentRequest) =>
      path.endsWith('/dispatches')
        ? Response.json(details)
        : path.endsWith('/actions/runs/7')
          ? Response.json(run)
          : undefined;
    const subject = host(entry, { answer });
    const wanted = request(entry);
    await subject.dispatch(wanted);
    emulator.requests.length = 0;
    expect(await subject.findRun(repo, wanted.dispatchId)).toEqual({ state: 'running' });
    expect(emulator.requests).toHaveLength(1);
  });
});

describe('a run', () => {
  const step = (name: string, conclusion: 'success' | 'failure' | 'skipped' | 'cancelled' | null) => ({
    name,
    conclusion,
  });
  const fine = step('Test and deploy', 'success');

  it.each([
    ['success', [fine, step(LATER_STEP, 'skipped')], 'success', /succeeded/],
    ['success', [fine, step(LATER_STEP, 'success')], 'superseded', /newer dispatch/],
    ['failure', [fine, step('Publish "the" products', 'failure')], 'failure', /"Publish \\"the\\" products"/],
    ['failure', [fine, step('Publish', null)], 'lost', /no step failed/],
    ['cancelled', [step('Publish', 'cancelled')], 'lost', /cancelled/],
    ['startup_failure', [], 'lost', /startup_failure/],
    ['timed_out', [fine], 'timed-out', /longer/],
  ] as const)('that ended with %s and %j is %s', async (conclusion, steps, expected, reason) => {
    const entry = entryOf(repo);
    const subject = host(entry);
    await subject.prepare(entry);
    const wanted = request(entry);
    await subject.dispatch(wanted);
    expect(await subject.findRun(repo, wanted.dispatchId)).toEqual({ state: 'queued' });
    await emulator.endRun(wanted.dispatchId, conclusion, steps);
    const found = await subject.findRun(repo, wanted.dispatchId);
    expect(found).toEqual({ state: 'ended', conclusion: expected, reason: expect.stringMatching(reason) });
  });

  it('of somebody else never passes for one of the platform', async () => {
    const run = {
      id: 1,
      path: '.github/workflows/mine.yaml',
      display_title: 'ODMD deploy abc-1 x/b..main',
      status: 'completed',
    };
    const other = { ...run, path: deploy.path, display_title: 'ODMD deploy abc-11 orders/b..main' };
    const older = { ...other, id: 3, display_title: 'ODMD deploy orders abc-2', status: 'queued' };
    const answer = ({ path }: SentRequest) =>
      path.includes('/actions/runs?')
        ? Response.json({ total_count: 3, workflow_runs: [run, other, older] })
        : undefined;
    expect(await host(entryOf(repo), { answer }).findRun(repo, 'abc-1')).toBeUndefined();
    // By a workflow file that a tag keeps, the id came last.
    expect(await host(entryOf(repo), { answer }).findRun(repo, 'abc-2')).toEqual({ state: 'queued' });
  });
});
