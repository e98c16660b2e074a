import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { GitHubEmulator } from './emulator.js';
import { Receiver } from './receiver.js';

/*
 * What was added to the emulator, each time beside the emulator as its makers have it. Where that can do it too one day,
 * a test here fails, and the addition can go.
 */

const main = { kind: 'branch', ref: 'main' } as const;
const path = '.github/workflows/ODMD_x.yaml';
const input = '$' + '{{ inputs.dispatch }}';
const workflow = `name: X\nrun-name: ODMD deploy x ${input}\non:\n  workflow_dispatch: {}\n`;

class Bench {
  private constructor(
    readonly emulator: GitHubEmulator,
    readonly hook: Receiver,
    readonly repo: string,
  ) {}

  static async start(plain: boolean): Promise<Bench> {
    const hook = await Receiver.start();
    const emulator = await GitHubEmulator.start({ webhookUrl: hook.url, plain });
    const bench = new Bench(emulator, hook, await emulator.createRepo());
    await emulator.push(bench.repo, main, { message: 'one' });
    return bench;
  }

  async stop(): Promise<void> {
    await this.emulator.close();
    await this.hook.close();
  }

  /** @returns what went wrong, if anything */
  dispatch(ref = 'main', dispatch = 'd-1'): Promise<string> {
    const inputs = { ref, inputs: { dispatch } };
    return this.emulator
      .rest('POST', `/repos/${this.repo}/actions/workflows/ODMD_x.yaml/dispatches`, inputs)
      .then(
        () => 'started',
        (error: Error) => error.message,
      );
  }

  async runs(): Promise<{ display_title: string; status: string; conclusion: string }[]> {
    return (await this.emulator.rest('GET', `/repos/${this.repo}/actions/runs`)).workflow_runs;
  }

  payloads(event: string): { action?: string; ref?: string; created?: boolean }[] {
    return this.hook.received
      .filter(({ headers }) => headers['x-github-event'] === event)
      .map(({ body }) => JSON.parse(body.toString()));
  }
}

let plain: Bench;
let extended: Bench;
beforeAll(async () => {
  plain = await Bench.start(true);
  extended = await Bench.start(false);
});
afterAll(async () => {
  await plain.stop();
  await extended.stop();
});

describe('the emulator', () => {
  it('runs a workflow file that was committed to the default branch', async () => {
    expect(await extended.dispatch()).toMatch(/404/);
    for (const { emulator, repo } of [plain, extended])
      await emulator.push(repo, main, { message: 'two', files: { [path]: workflow } });
    expect([await plain.dispatch(), await extended.dispatch()]).toEqual([
      expect.stringMatching(/404/),
      'started',
    ]);
  });

  it('names a run as its file says', async () => {
    expect((await extended.runs()).map((run) => run.display_title)).toEqual(['ODMD deploy x d-1']);
  });

  it('refuses a dispatch on a ref that does not have the file', async () => {
    const old = { kind: 'branch', ref: 'old' } as const;
    const from = await extended.emulator.commit(extended.repo, undefined, { message: 'old' });
    await extended.emulator.point(extended.repo, old, from);
    expect(await extended.dispatch('refs/heads/old', 'd-2')).toMatch(/422 .*workflow_dispatch/);
    expect(await extended.dispatch('refs/heads/nowhere', 'd-2')).toMatch(/422/);
    expect(await extended.runs()).toHaveLength(1);
  });

  it('ends a run, and says so', async () => {
    await extended.emulator.endRun('d-1', 'failure', [{ name: 'Deploy', conclusion: 'failure' }]);
    expect(await extended.runs()).toMatchObject([{ status: 'completed', conclusion: 'failure' }]);
    const actions = () => extended.payloads('workflow_run').map(({ action }) => action);
    // The action of the first is one that the plain emulator leaves out of its payload.
    await vi.waitFor(() => expect(actions()).toEqual(['requested', 'completed']));
  });

  it('lists tags by their commits', async () => {
    const listed = async ({ emulator, repo }: Bench) => {
      const sha = await emulator.push(repo, main, { message: 'three' });
      await emulator.point(repo, { kind: 'tag', ref: 'light' }, sha);
      await emulator.push(repo, { kind: 'tag', ref: 'annotated' }, { message: 'a release' });
      const tags: { name: string; commit: { sha: string } }[] = await emulator.rest(
        'GET',
        `/repos/${repo}/tags`,
      );
      return tags.map(({ name, commit }) => [name, commit.sha === sha]);
    };
    expect(await listed(plain)).toEqual([['annotated', false]]);
    expect((await listed(extended)).sort()).toEqual([
      ['annotated', true],
      ['light', true],
    ]);
  });

  it('tells of a new branch as GitHub does', async () => {
    for (const { emulator, repo } of [plain, extended])
      await emulator.push(repo, { kind: 'branch', ref: 'new/one' }, { message: 'new' });
    const refs = (bench: Bench, event: string) => bench.payloads(event).map(({ ref }) => ref);
    await vi.waitFor(() => expect(refs(plain, 'create')).toContain('refs/heads/new/one'));
    await vi.waitFor(() => expect(refs(extended, 'create')).toContain('new/one'));
    await vi.waitFor(() => expect(refs(extended, 'push')).toContain('refs/heads/new/one'));
    expect(refs(plain, 'push')).not.toContain('refs/heads/new/one');
  });
});
