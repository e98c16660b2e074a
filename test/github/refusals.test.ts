import type { RevisionRef } from '@ondemandenv/contracts-base';
import { ThrottledError } from '@ondemandenv/control-plane';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answering, json } from './answers.js';
import { GitHubEmulator, type SentRequest } from './emulator.js';
import { entryOf, type HostSettings, hostOf } from './source-host.bench.js';

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

describe('when GitHub refuses', () => {
  const refs = '/git/matching-refs/heads%2F?per_page=100';
  const ended = async (make: () => Response) => {
    await emulator.push(repo, main, { message: 'one' });
    const [error] = await host(answering(refs, make))
      .refs(repo)
      .then(
        () => [undefined],
        (reason: unknown) => [reason],
      );
    return error;
  };

  it.each([
    [403, { 'retry-after': '7' }, 'You have exceeded a secondary rate limit', 7_000],
    [429, { 'retry-after': '3' }, 'Too many requests', 3_000],
    [429, {}, 'Too many requests', 60_000],
    [403, {}, 'You have exceeded a secondary rate limit', 60_000],
  ])('with %i and %j, it asks for patience', async (status, headers, message, retryAfterMs) => {
    const error = await ended(() => json({ message }, status, headers));
    expect(error).toBeInstanceOf(ThrottledError);
    expect(error).toMatchObject({ retryAfterMs });
  });

  it('since the hour is used up, it asks for patience until the next', async () => {
    const reset = String(Math.floor(Date.now() / 1_000) + 600);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    const error = await ended(() => json({ message: 'API rate limit exceeded' }, 403, headers));
    expect((error as ThrottledError).retryAfterMs).toBeGreaterThan(595_000);
    expect((error as ThrottledError).retryAfterMs).toBeLessThan(605_000);
  });

  it('for lack of a permission, it says which to look at', async () => {
    const error = await ended(() => json({ message: 'Resource not accessible by integration' }, 403));
    expect(error).toMatchObject({ code: 'ODMD433', where: repo });
  });

  it('for a moment, it is asked again', async () => {
    let failures = 1;
    await emulator.push(repo, main, { message: 'one' });
    const answer = ({ path }: SentRequest) =>
      path.endsWith(refs) && failures-- > 0 ? json({ message: 'Bad gateway' }, 502) : undefined;
    expect(await host({ answer }).refs(repo)).toHaveLength(1);
  });
});
