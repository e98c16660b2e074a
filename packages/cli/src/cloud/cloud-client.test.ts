import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { run } from '../program.js';
import { recordingTerminal } from '../testing/recording-terminal.js';

/*
 * What `odmd` makes of what comes back; who is let in is tried where IAM is enforced.
 */

const KEY = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };
const ENVER = {
  id: 'web/b..main',
  phase: 'deployed',
  reason: 'well',
  busy: false,
  repo: 'coffee/shop',
  ref: 'refs/heads/main',
  conditions: [],
  approvals: [],
  waitsFor: [],
};

type Respond = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** Runs `odmd` against a server that answers so. */
async function ask(respond: Respond, ...args: string[]) {
  let count = 0;
  const server = createServer((request, response) => respond(request, response, ++count));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { ...(await odmd([...args, '--platform', `http://127.0.0.1:${port}/base/`])), count: () => count };
}

async function odmd(args: readonly string[], env: Record<string, string> = { AWS_REGION: 'eu-north-1' }) {
  for (const [name, value] of Object.entries(KEY)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const terminal = { ...recordingTerminal(), env };
  const code = await run(args, terminal);
  return { code, out: terminal.text(), err: terminal.errors() };
}

const answer =
  (status: number, body: unknown): Respond =>
  (_, response) =>
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));

it('signs for the function of a region, as somebody in a session', async () => {
  let seen: IncomingMessage | undefined;
  const respond: Respond = (request, response) => {
    seen = request;
    answer(200, ENVER)(request, response, 1);
  };
  const { code, out } = await ask(respond, 'status', 'web/b..main', '--json');
  expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 0, phase: 'deployed' });
  expect(seen?.url).toBe('/base/api/status?enver=web%2Fb..main');
  expect(seen?.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/eu-north-1\/lambda\/aws4_request, .*Signature=[0-9a-f]{64}$/,
  );
  expect(seen?.headers['x-amz-security-token']).toBe('token');
});

it('gives the platform’s own words', async () => {
  const refusal = { code: 'ODMD410', message: 'it has not left', where: 'web', fix: 'take it out' };
  const { code, err } = await ask(answer(409, refusal), 'status');
  expect({ code, err }).toEqual({ code: 1, err: 'ODMD410 web: it has not left\n  fix: take it out\n' });
});

it.each([
  [403, { Message: 'Forbidden' }, 1, /^ODMD743 .*AWS does not let you in: Forbidden/],
  [403, { message: 'The security token included in the request is expired' }, 1, /^ODMD743 .*expired/],
  [429, { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' }, 75, /^ODMD744 /],
  [502, 'Internal Server Error', 75, /^ODMD744 .*status 502/],
  [503, { code: 'ODMD868', message: 'busy' }, 75, /^ODMD868 /],
  [500, { code: 'ODMD869', message: 'the platform failed to answer' }, 1, /^ODMD869 /],
  [404, '<html>', 1, /^ODMD746 /],
  [200, '<html>', 1, /^ODMD746 .*no envers/],
])('of status %d with %j ends with %d', async (status, body, exit, says) => {
  const { code, out, err } = await ask(answer(status, body), 'status');
  expect({ code, out }).toEqual({ code: exit, out: '' });
  expect(err).toMatch(says);
});

it('looks again when the platform could not answer, and does not do anything again', async () => {
  const later: Respond = (request, response, count) =>
    request.method === 'GET' && count > 1
      ? answer(200, ENVER)(request, response, count)
      : answer(502, '')(request, response, count);
  expect(await ask(later, 'status', 'web/b..main')).toMatchObject({ code: 0 });
  const deployed = await ask(later, 'deploy', 'web/b..main');
  expect(deployed).toMatchObject({ code: 75, err: expect.stringMatching(/^ODMD744 /) });
  // Two looks, and one attempt.
  expect(deployed.count()).toBe(3);
});

it('says when nothing comes back', async () => {
  const cut = await ask((request) => request.socket.destroy(), 'status');
  expect(cut).toMatchObject({ code: 1, err: expect.stringMatching(/^ODMD745 .*does not answer/) });
});

it('bears with that while it waits, and with nothing that does not pass', async () => {
  const cutOnce: Respond = (request, response, count) =>
    count === 1 ? void request.socket.destroy() : answer(200, ENVER)(request, response, count);
  expect(await ask(cutOnce, 'status', 'web/b..main', '--wait')).toMatchObject({ code: 0 });
  const refused = await ask(answer(403, {}), 'status', 'web/b..main', '--wait');
  expect([refused.code, refused.count()]).toEqual([1, 1]);
  const busy = await ask(
    answer(200, { ...ENVER, busy: true }),
    'status',
    'web/b..main',
    '--wait',
    '--timeout',
    '0.3',
  );
  expect(busy).toMatchObject({
    code: 75,
    err: expect.stringMatching(/^ODMD661 .*web\/b\.\.main deployed: well/),
  });
});

it.each([
  ['http://platform.example', {}, /^ODMD740 .*not the address/],
  ['a1b2', {}, /^ODMD740 /],
  ['https://platform.example', {}, /^ODMD741 .*region/],
])('refuses the address %s', async (platform, env, says) => {
  const { code, err } = await odmd(['status', '--platform', platform], env);
  expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(says) });
});

it('takes the platform on this machine when its folder is named', async () => {
  const env = { ODMD_PLATFORM: 'https://platform.example' };
  expect(await odmd(['status', '--home', '/nonexistent'], env)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^ODMD660 /),
  });
  const both = await odmd(
    ['status', '--home', '/nonexistent', '--platform', 'https://platform.example'],
    env,
  );
  expect(both).toMatchObject({ code: 2, err: expect.stringContaining('cannot be used with') });
});

it('asks who decides only where the platform does not know', async () => {
  expect(await odmd(['approve', 'web/b..main'], {})).toMatchObject({
    code: 2,
    err: expect.stringContaining("'--as <account/role>' not specified"),
  });
  const named = ['approve', 'web/b..main', '--as', 'a/b', '--platform', 'https://platform.example'];
  expect(await odmd(named, {})).toMatchObject({ code: 2, err: expect.stringContaining('leave out --as') });
});
