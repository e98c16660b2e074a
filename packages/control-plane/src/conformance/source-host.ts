import type { RevisionRef } from '@ondemandenv/contracts-base';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunRequest, SourceHost } from '../ports/index.js';

/** What a test does to the outside of a source host. */
export interface SourceHostBench {
  readonly host: SourceHost;
  readonly repo: string;
  /** Commits on a ref, made from main if it is new. @returns the sha */
  push(
    revision: RevisionRef,
    change: { message: string; files?: Record<string, string>; from?: string },
  ): Promise<string>;
  deleteRef(revision: RevisionRef): Promise<void>;
  /** Opens a pull request from a branch of the repo; `undefined` where there is no such thing. */
  readonly openPullRequest?: (branch: string) => Promise<{ readonly number: number; close(): Promise<void> }>;
}

/** Legal refs that a shell or an expression language would take for more than names. */
const HOSTILE_REFS = ['$(id)', 'a";id;"', '`id`', '功能', '$' + '{{github.token}}'];

const main: RevisionRef = { kind: 'branch', ref: 'main' };
const feature: RevisionRef = { kind: 'branch', ref: 'feature/x' };

/** What every `SourceHost` must do as far as sources go. `make` gives an empty repo. */
export function sourceHostConformance(name: string, make: () => Promise<SourceHostBench>): void {
  describe(`SourceHost: ${name}`, () => {
    let bench: SourceHostBench;
    beforeEach(async () => {
      bench = await make();
    });

    it('knows heads and refs, and nothing of what does not exist', async () => {
      const { host, repo } = bench;
      expect(await host.head(repo, main)).toBeUndefined();
      expect(await host.refs(repo)).toEqual([]);
      expect(await host.refs('nobody/nothing')).toEqual([]);
      const sha = await bench.push(main, { message: 'one' });
      expect(await host.head(repo, main)).toBe(sha);
      expect(await host.refs(repo)).toEqual([{ revision: main, sha }]);
    });

    it.each(HOSTILE_REFS)('takes the branch %j for a name', async (ref) => {
      const { host, repo } = bench;
      await bench.push(main, { message: 'one' });
      const revision: RevisionRef = { kind: 'branch', ref };
      const sha = await bench.push(revision, { message: 'two' });
      expect(await host.head(repo, revision)).toBe(sha);
      await bench.deleteRef(revision);
      expect(await host.head(repo, revision)).toBeUndefined();
    });

    it('gives a folder one hash per content', async () => {
      const { host, repo } = bench;
      const first = await bench.push(main, { message: '1', files: { 'a/x': '1', 'b/y': '1' } });
      const second = await bench.push(main, { message: '2', files: { 'b/y': '2' } });
      expect(await host.tree(repo, second, ['a'])).toBe(await host.tree(repo, first, ['a']));
      expect(await host.tree(repo, second, ['a', 'b'])).not.toBe(await host.tree(repo, first, ['a', 'b']));
      expect(await host.tree(repo, second, ['.'])).not.toBe(await host.tree(repo, first, ['.']));
      expect(await host.tree(repo, second, ['nowhere'])).toBe(await host.tree(repo, first, ['nowhere']));
    });

    it('lists the commits after the cursor, else those since the default branch, oldest first', async () => {
      const { host, repo } = bench;
      await bench.push(main, { message: 'base' });
      const one = await bench.push(feature, { message: 'one\n\nodmd: create@main' });
      const two = await bench.push(feature, { message: 'two' });
      const shas = async (cursor: string | undefined) =>
        (await host.commitsSince(repo, two, cursor)).map(({ sha }) => sha);
      expect(await shas(undefined)).toEqual([one, two]);
      expect(await shas(one)).toEqual([two]);
      expect(await shas(two)).toEqual([]);
      expect(await shas('f'.repeat(40))).toEqual([one, two]);
      expect((await host.commitsSince(repo, one, undefined))[0]?.message).toContain('odmd: create@main');
      const head = await host.head(repo, main);
      expect(await host.commitsSince(repo, head ?? '', undefined)).toEqual([]);
    });

    it('knows ancestors', async () => {
      const { host, repo } = bench;
      const one = await bench.push(main, { message: 'one' });
      const two = await bench.push(main, { message: 'two' });
      expect(await host.isAncestor(repo, one, two)).toBe(true);
      expect(await host.isAncestor(repo, two, one)).toBe(false);
      expect(await host.isAncestor(repo, 'f'.repeat(40), two)).toBe(false);
    });

    it('reads the message of a tag', async () => {
      const { host, repo } = bench;
      await bench.push(main, { message: 'one' });
      await bench.push({ kind: 'tag', ref: 'v1' }, { message: 'odmd: create@main' });
      expect(await host.tagMessage(repo, 'v1')).toContain('odmd: create@main');
      expect(await host.tagMessage(repo, 'v2')).toBeUndefined();
    });

    it('knows the pull requests of a branch, and when they were closed', async () => {
      const { host, repo, openPullRequest } = bench;
      await bench.push(main, { message: 'one' });
      await bench.push(feature, { message: 'two' });
      expect(await host.pullRequests(repo, 0)).toEqual([]);
      if (!openPullRequest) return;
      const { number, close } = await openPullRequest(feature.ref);
      expect(await host.pullRequests(repo, 0)).toEqual([{ number, branch: feature.ref }]);
      await close();
      const closed = { number, branch: feature.ref, closedAt: expect.any(Number) };
      const [found] = await host.pullRequests(repo, 0);
      expect(found).toEqual(closed);
      expect(await host.pullRequests(repo, (found?.closedAt ?? 0) + 60_000)).toEqual([]);
    });

    it('starts a run once per dispatch id', async () => {
      const { host, repo } = bench;
      const sha = await bench.push(main, { message: 'one' });
      const request: RunRequest = {
        dispatchId: 'd-1',
        repo,
        revision: main,
        sha,
        enverId: 'a/b..main',
        purpose: 'deploy',
        reason: 'its first deployment',
        timeoutMinutes: 1,
      };
      expect(await host.findRun(repo, 'd-1')).toBeUndefined();
      await host.dispatch(request);
      await host.dispatch(request);
      expect(await host.findRun(repo, 'd-1')).toBeDefined();
    });
  });
}
