import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { zipOf } from './artifacts.js';
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

  it('names webhooks by GUIDs, keeps what became of them, and sends them again', async () => {
    const { emulator, hook } = extended;
    const answered = async (bench: Bench, path: string) =>
      (
        await bench.emulator
          .app()
          .itself.request(`GET ${path}`)
          .catch((error) => error)
      ).status;
    expect(await answered(plain, '/app/hook/deliveries')).toBe(404);
    expect(await answered(extended, '/app/hook/deliveries')).toBe(200);
    await expect(emulator.rest('GET', '/app/hook/deliveries')).rejects.toThrow(/401/);
    const ids = ({ hook: { received } }: Bench) =>
      received.map(({ headers }) => headers['x-github-delivery']);
    expect(ids(plain).join()).toMatch(/^[\d,]+$/);
    expect(ids(extended)).toHaveLength(new Set(ids(extended)).size);
    expect(ids(extended)[0]).toMatch(/^[\da-f]{8}-/);
    const { apps } = emulator.app().itself;
    const [newest] = (await apps.listWebhookDeliveries()).data;
    expect(newest).toMatchObject({ status: 'OK', status_code: 200, redelivery: false });
    expect(ids(extended)).toContain(newest?.guid);
    await apps.redeliverWebhookDelivery({ delivery_id: newest?.id ?? 0 });
    const attempts = () =>
      hook.received.filter(({ headers }) => headers['x-github-delivery'] === newest?.guid);
    await vi.waitFor(() => expect(attempts()).toHaveLength(2));
    expect(attempts()[1]).toEqual(attempts()[0]);
  });

  it('says by an ETag that nothing changed', async () => {
    const read = async ({ emulator, repo }: Bench, etag?: string) => {
      const headers = etag === undefined ? {} : { 'if-none-match': etag };
      return fetch(`${emulator.url}/repos/${repo}/git/matching-refs/heads/`, { headers });
    };
    expect((await read(plain)).headers.get('etag')).toBeNull();
    const etag = (await read(extended)).headers.get('etag') ?? '';
    const again = await read(extended, etag);
    expect([again.status, await again.text()]).toEqual([304, '']);
    await extended.emulator.push(extended.repo, main, { message: 'a change' });
    expect((await read(extended, etag)).status).toBe(200);
  });

  it('gives out what an artifact contains', async () => {
    const archive = zipOf({ 'a.txt': 'content' });
    const { emulator, repo } = extended;
    emulator.artifacts?.keep(repo, '1'.repeat(40), 'name', archive);
    const [kept] = (await emulator.rest('GET', `/repos/${repo}/actions/artifacts`)).artifacts;
    expect(kept).toMatchObject({ name: 'name', workflow_run: { head_sha: '1'.repeat(40) } });
    const read = (bench: Bench) =>
      fetch(`${bench.emulator.url}/repos/${bench.repo}/actions/artifacts/${kept.id}/zip`);
    expect((await read(plain)).status).toBe(404);
    expect(Buffer.from(await (await read(extended)).arrayBuffer())).toEqual(archive);
  });

  it('keeps rulesets, and tells which rules a branch has', async () => {
    const made = {
      ...{ name: 'x', target: 'branch', enforcement: 'active', rules: [{ type: 'update' }] },
      conditions: { ref_name: { include: ['refs/heads/a/b'], exclude: [] } },
    };
    const asked = ({ emulator, repo }: Bench, method: string, path: string, body?: object) =>
      emulator.rest(method, `/repos/${repo}/${path}`, body);
    await expect(asked(plain, 'POST', 'rulesets', made)).rejects.toThrow(/404/);
    await expect(asked(plain, 'GET', 'rules/branches/a%2Fb')).rejects.toThrow(/404/);
    await asked(extended, 'POST', 'rulesets', made);
    expect(await asked(extended, 'GET', 'rulesets')).toMatchObject([{ id: 1, target: 'branch' }]);
    expect(await asked(extended, 'GET', 'rulesets/1')).toMatchObject(made);
    expect(await asked(extended, 'GET', 'rules/branches/a%2Fb')).toMatchObject(made.rules);
    expect(await asked(extended, 'GET', 'rules/branches/main')).toEqual([]);
  });
});
