import { fullRef } from '@ondemandenv/contracts-base';
import { sourceHostConformance } from '@ondemandenv/control-plane/conformance';
import { MemoryKeyValue } from '@ondemandenv/control-plane/memory';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { JobSandbox } from './jobs/jobs.test.fixture.js';
import { LocalSourceHost } from './source-host.js';

const sandbox = new JobSandbox();
const jobs = sandbox.runner(new MemoryKeyValue());
const host = new LocalSourceHost(sandbox.repos, jobs);
const main = { kind: 'branch', ref: 'main' } as const;
const SHA = '0123456789abcdef0123456789abcdef01234567';

beforeAll(() => sandbox.repos.ensure('coffee/empty'));
afterAll(async () => {
  await jobs.stop();
  sandbox.remove();
});

let repos = 0;
sourceHostConformance('git repositories', async () => {
  const repo = `conformance/r${++repos}`;
  const work = await sandbox.work(repo);
  return {
    host,
    repo,
    push: async (revision, { message, files, from }) => {
      const start = from ?? (await host.head(repo, revision)) ?? (await host.head(repo, main));
      if (start) await work.git('checkout', '--quiet', '--detach', start);
      const sha = await work.commit(message, files);
      await work.store('--force', `HEAD:${fullRef(revision)}`);
      return sha;
    },
    deleteRef: async (revision) => work.store(`:${fullRef(revision)}`),
  };
});

describe('the local source host', () => {
  test.each(['coffee/none', 'no name', 'coffee/empty'])('knows nothing of %s', async (repo) => {
    expect(await host.head(repo, { kind: 'branch', ref: 'main' })).toBeUndefined();
    expect(await host.refs(repo)).toEqual([]);
    expect(await host.tagMessage(repo, 'v1')).toBeUndefined();
    expect(await host.isAncestor(repo, SHA, SHA)).toBe(false);
    await expect(host.tree(repo, SHA, ['.'])).rejects.toMatchObject({
      code: expect.stringMatching(/ODMD62[23]/),
    });
    await expect(host.commitsSince(repo, SHA, undefined)).rejects.toMatchObject({
      code: expect.stringMatching(/ODMD62[23]/),
    });
    expect(await host.findRun(repo, 'none')).toBeUndefined();
  });

  test.each(['$(id)', 'a";id;"', '功能', '-x', 'feature/login'])(
    'follows and deploys the branch %s, also after a force push',
    async (ref) => {
      const work = await sandbox.work(`coffee/repo${Buffer.from(ref).toString('hex')}`);
      const repo = work.folder.split('/').slice(-2).join('/');
      await work.commit('base', { file: '1' });
      await work.store('main');
      const before = await work.commit('one', { file: '2' });
      const push = (...args: string[]) => work.store(...args, `main:refs/heads/${ref}`);
      await push();
      const revision = { kind: 'branch', ref } as const;
      expect(await host.head(repo, revision)).toBe(before);
      await work.git('commit', '--quiet', '--amend', '-m', `odmd: create@main\n\n${ref}`);
      await push('--force');

      const sha = (await host.head(repo, revision)) ?? expect.fail('no head');
      expect(await host.refs(repo)).toContainEqual({ revision, sha });
      expect(await host.commitsSince(repo, sha, before)).toEqual([
        { sha, message: `odmd: create@main\n\n${ref}` },
      ]);
      expect(await host.tree(repo, sha, ['.'])).toBe(await host.tree(repo, before, ['.']));
      expect(await host.isAncestor(repo, before, sha)).toBe(false);

      const dispatchId = `${repo} ${ref}`;
      const enverId = `svc/b..${ref}`;
      const run = { dispatchId, repo, revision, sha, enverId, reason: 'pushed', timeoutMinutes: 1 };
      await host.dispatch({ ...run, purpose: 'deploy' });
      await host.dispatch({ ...run, purpose: 'deploy' });
      await sandbox.ended(jobs, dispatchId);
      expect(await host.findRun(repo, dispatchId)).toEqual({
        state: 'ended',
        conclusion: 'success',
        reason: 'deploy succeeded',
      });
    },
  );
});
