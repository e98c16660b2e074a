import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { odmd } from './testing/odmd.js';

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly body: unknown;
}

/** A server that keeps what it was asked and always gives this answer; the environment in which a job finds it. */
async function answering(status: number, answer: string) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    asked.push({ method, url, token: headers.authorization, body: JSON.parse(await bodyOf(request)) });
    response.writeHead(status).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { asked, env: { ODMD_PLATFORM_URL: `http://127.0.0.1:${port}`, ODMD_JOB_TOKEN: 'secret' } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

const STARTED = { name: 'web', url: 'http://127.0.0.1:24000', port: 24_000 };

describe('odmd local service', () => {
  it('starts a service with its command and environment, and prints where it answers', async () => {
    const { asked, env } = await answering(200, JSON.stringify(STARTED));
    const args = [
      'start',
      'web',
      '--health',
      '/ok',
      '--env',
      'A=1=2',
      '--env',
      'B=',
      '--json',
      '--',
      'node',
      '-v',
      '--env',
    ];
    const { code, out } = await odmd(['local', 'service', ...args], { cwd: '/', env });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(STARTED);
    const body = {
      name: 'web',
      cwd: '/',
      command: ['node', '-v', '--env'],
      env: { A: '1=2', B: '' },
      health: '/ok',
    };
    expect(asked).toEqual([{ method: 'POST', url: '/runtime/services', token: 'Bearer secret', body }]);
  });

  it('takes values from its own environment, so that no command line says them', async () => {
    const { asked, env } = await answering(200, JSON.stringify(STARTED));
    const start = (...args: string[]) =>
      odmd(['local', 'service', 'start', 'web', ...args, '--', 'node'], {
        env: { ...env, TITLE: 'a=b c', EMPTY: '' },
      });
    expect((await start('--env', 'TITLE', '--env', 'EMPTY', '--env', 'LOG=all')).code).toBe(0);
    expect(asked).toMatchObject([{ body: { env: { TITLE: 'a=b c', EMPTY: '', LOG: 'all' } } }]);
    const missing = await start('--env', 'ODMD_TEST_NONE');
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('there is no ODMD_TEST_NONE in') });
    const wrong = await start('--env', '1=sesame');
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('"1" is not a name') });
    expect(wrong.err).not.toContain('sesame');
    expect(asked).toHaveLength(1);
  });

  it('stops one or all', async () => {
    const { asked, env } = await answering(200, JSON.stringify({ stopped: ['web'] }));
    expect((await odmd(['local', 'service', 'stop', 'web'], { env })).out).toBe('stopped web\n');
    expect((await odmd(['local', 'service', 'stop', '--all', '--json'], { env })).out).toContain('"stopped"');
    expect(asked.map(({ method, body }) => [method, body])).toEqual([
      ['DELETE', { name: 'web' }],
      ['DELETE', {}],
    ]);
  });

  it('passes on why the platform refuses', async () => {
    const { env } = await answering(
      500,
      JSON.stringify({ code: 'ODMD622', message: 'not ready', fix: 'wait' }),
    );
    const { code, err } = await odmd(['local', 'service', 'start', 'web', '--', 'node'], { env });
    expect({ code, err }).toEqual({ code: 1, err: 'ODMD622 not ready\n  fix: wait\n' });
  });

  it.each(['<html>', '{}', '[]', 'null'])('says that it does not understand %s', async (answer) => {
    const { env } = await answering(200, answer);
    const { code, err } = await odmd(['local', 'service', 'start', 'web', '--', 'node'], { env });
    expect(code).toBe(1);
    expect(err).toMatch(/^ODMD722 /);
  });

  it('says that the platform is gone', async () => {
    const env = { ODMD_PLATFORM_URL: 'http://127.0.0.1:1', ODMD_JOB_TOKEN: 'secret' };
    const { code, err } = await odmd(['local', 'service', 'stop', '--all'], { env });
    expect(code).toBe(1);
    expect(err).toMatch(/^ODMD721 /);
  });
});
