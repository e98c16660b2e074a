import { createHmac } from 'node:crypto';
import { sign } from '@octokit/webhooks-methods';
import { MAX_WEBHOOK_BYTES, verifyWebhook, worksOf } from '@ondemandenv/control-plane/github/webhooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { GitHubEmulator, INSTALLATION, WEBHOOK_SECRET } from './emulator.js';
import { Receiver } from './receiver.js';
import { entryOf, hostOf } from './source-host.bench.js';

const body = JSON.stringify({ ref: 'refs/heads/功能' });
const headersOf = async (secret: string, text = body) => ({
  'x-github-event': 'push',
  'x-github-delivery': 'd-1',
  'x-hub-signature-256': await sign(secret, text),
});

/** Which no library signs with, and anybody could. */
const signedWithNothing = {
  'x-github-event': 'push',
  'x-github-delivery': 'd-1',
  'x-hub-signature-256': `sha256=${createHmac('sha256', '').update(body).digest('hex')}`,
};

describe('a webhook', () => {
  it('is taken when it is signed with the secret, or while it is changed with either', async () => {
    const expected = { event: 'push', delivery: 'd-1', payload: JSON.parse(body) };
    expect(verifyWebhook(body, await headersOf('new'), ['new'])).toEqual(expected);
    expect(verifyWebhook(Buffer.from(body), await headersOf('new'), ['old', 'new'])).toEqual(expected);
    expect(verifyWebhook(body, await headersOf('old'), ['old', 'new'])).toEqual(expected);
  });

  it.each<[string, () => Promise<[string, Record<string, string>, string[]]>]>([
    ['with another secret', async () => [body, await headersOf('forged'), ['old', 'new']]],
    ['over another body', async () => [`${body} `, await headersOf('new'), ['new']]],
    ['not at all', async () => [body, { 'x-github-event': 'push', 'x-github-delivery': 'd' }, ['new']]],
    ['in another form', async () => [body, { 'x-hub-signature-256': 'sha256=short' }, ['new']]],
    ['with the empty secret', async () => [body, signedWithNothing, ['']]],
    ['for a platform without secrets', async () => [body, await headersOf('new'), []]],
  ])('signed %s is refused', async (_how, make) => {
    const [text, headers, secrets] = await make();
    expect(() => verifyWebhook(text, headers, secrets)).toThrow(expect.objectContaining({ code: 'ODMD436' }));
  });

  it('that is too large, not JSON, or nameless is refused', async () => {
    const refusal = async (text: string, headers?: Record<string, string>) => {
      try {
        return verifyWebhook(text, headers ?? (await headersOf('s', text)), ['s']);
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(await refusal('x'.repeat(MAX_WEBHOOK_BYTES + 1), {})).toBe('ODMD437');
    expect(await refusal('payload=%7B%7D')).toBe('ODMD438');
    expect(await refusal(body, { 'x-hub-signature-256': await sign('s', body) })).toBe('ODMD438');
  });
});

describe('the work that a webhook hints at', () => {
  const repository = { id: 5, full_name: 'o/r' };
  const installation = { id: 77 };
  const works = (event: string, payload: object) =>
    worksOf(event, { repository, installation, ...payload }, [77]);
  const ref = (name: string) => [{ kind: 'ref', repo: 'o/r', ref: name }];
  const pull = (action: string, id: number | null, name = 'x') => ({
    action,
    pull_request: { head: { ref: name, repo: id === null ? null : { id } } },
  });
  const run = (action: string, path: string, display_title = 'ODMD teardown d-1 orders/b..x') => ({
    action,
    workflow_run: { path, display_title },
  });
  const generated = '.github/workflows/ODMD_a.yaml';

  it.each([
    ['push', { ref: 'refs/heads/$(id)', after: '0'.repeat(40) }, ref('refs/heads/$(id)')],
    ['push', { ref: 'refs/notes/x' }, []],
    ['push', { ref: 'refs/heads/odmd/workflow-0123456789ab' }, []],
    ['create', { ref: 'v1', ref_type: 'tag' }, ref('refs/tags/v1')],
    ['delete', { ref: 'feature/x', ref_type: 'branch' }, ref('refs/heads/feature/x')],
    ['pull_request', pull('closed', 5), ref('refs/heads/x')],
    [
      'pull_request',
      pull('opened', 5),
      [...ref('refs/heads/x'), { kind: 'report', repo: 'o/r', ref: 'refs/heads/x', again: true }],
    ],
    ['pull_request', pull('closed', 6), []],
    ['pull_request', pull('closed', null), []],
    ['pull_request', pull('labeled', 5), []],
    ['workflow_run', run('completed', generated), [{ kind: 'enver', id: 'orders/b..x' }]],
    [
      'workflow_run',
      run('completed', generated, 'ODMD deploy  orders/t..v1'),
      [{ kind: 'enver', id: 'orders/t..v1' }],
    ],
    ['workflow_run', run('completed', generated, 'something else'), []],
    ['workflow_run', run('in_progress', generated), []],
    ['workflow_run', run('completed', '.github/workflows/own.yaml'), []],
    ['installation', { action: 'created' }, [{ kind: 'sync' }]],
    ['repository', { action: 'renamed' }, [{ kind: 'sync' }]],
    ['repository', { action: 'edited' }, []],
    ['ping', { zen: 'x' }, []],
    ['constructor', {}, []],
  ])('of %s %j is %j', (event, payload, expected) => {
    expect(works(event, payload)).toEqual(expected);
  });

  it('is none for an installation of somebody else', () => {
    const push = { ref: 'refs/heads/main', repository };
    expect(worksOf('push', { ...push, installation: { id: 78 } }, [77])).toEqual([]);
    expect(worksOf('push', push, [77])).toEqual([]);
  });

  it.each([
    ['push', {}],
    ['push', { ref: 7 }],
    ['create', { ref: 'x', ref_type: 'wiki' }],
    ['pull_request', { action: 'closed', pull_request: null }],
    ['workflow_run', { action: 'completed' }],
  ])('of a malformed %s %j is an error with a code', (event, payload) => {
    expect(() => works(event, payload)).toThrow(expect.objectContaining({ code: 'ODMD438' }));
    for (const nothing of [null, 'text', 7, []])
      expect(() => worksOf(event, nothing, [77])).toThrow(expect.objectContaining({ code: 'ODMD438' }));
  });
});

describe('webhooks as they come', () => {
  let hook: Receiver;
  let emulator: GitHubEmulator;
  beforeAll(async () => {
    hook = await Receiver.start();
    emulator = await GitHubEmulator.start({ webhookUrl: hook.url });
  });
  afterAll(async () => {
    await emulator.close();
    await hook.close();
  });

  it('are verified and understood', async () => {
    const repo = await emulator.createRepo();
    const main = { kind: 'branch', ref: 'main' } as const;
    const feature = { kind: 'branch', ref: 'feature/$(id)' } as const;
    const entry = entryOf(repo);
    const sha = await emulator.push(repo, main, { message: 'one' });
    await emulator.point(repo, feature, sha);
    const host = hostOf(emulator, entry);
    await host.prepare(entry);
    const run = { dispatchId: 'abc-1', repo, revision: main, sha, enverId: entry.id, timeoutMinutes: 1 };
    await host.dispatch({ ...run, purpose: 'deploy', reason: 'pushed' });
    await emulator.endRun('abc-1', 'success');
    const hints = () =>
      hook.received.flatMap(({ body: bytes, headers }) => {
        const { event, payload } = verifyWebhook(bytes, headers, [WEBHOOK_SECRET]);
        return worksOf(event, payload, [INSTALLATION]).map((work) => ({ event, ...work }));
      });
    const found = (event: string, ref: string) => ({ event, kind: 'ref', repo, ref });
    await vi.waitFor(() => {
      expect(hints()).toContainEqual(found('create', 'refs/heads/feature/$(id)'));
      expect(hints()).toContainEqual(found('push', 'refs/heads/main'));
      expect(hints()).toContainEqual({ event: 'workflow_run', kind: 'enver', id: entry.id });
    });
  });
});
