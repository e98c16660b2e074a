import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultRetry } from '../retry.js';
import { AwsServer } from '../testing/aws-server.js';
import { jobToken } from './job-token.js';
import { Sessions } from './sessions.js';

let aws: AwsServer;
let github: AwsServer;
beforeEach(async () => {
  aws = await AwsServer.start();
  github = await AwsServer.start();
  github.answer = () => ({ body: '{"value":"proof"}' });
  vi.stubEnv('AWS_ENDPOINT_URL', aws.url);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
  await github.close();
});

const job = () => ({ account: '222222222222', tokenUrl: `${github.url}/token?x=1`, bearer: 'of-the-job' });
const sessions = () =>
  new Sessions(
    { kind: 'aws', centralAccount: '111111111111', centralRegion: 'us-west-1', job: job() },
    'orders/b..main',
    'us-west-1',
  );

/** Roles whose credentials are good for so long. */
function givesRoles(minutes: number): void {
  let count = 0;
  aws.answer = ({ body }) => {
    const action = new URLSearchParams(body).get('Action');
    const end = new Date(Date.now() + minutes * 60_000).toISOString();
    const keys = `<AccessKeyId>key-${++count}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>`;
    const credentials = `<Credentials>${keys}<SessionToken>t</SessionToken><Expiration>${end}</Expiration></Credentials>`;
    return {
      body: `<${action}Response><${action}Result>${credentials}</${action}Result></${action}Response>`,
    };
  };
}
const asked = () => aws.requests.map(({ body }) => new URLSearchParams(body));

describe('the roles of a job', () => {
  it('are those of its enver, one by the other, once for all who ask', async () => {
    givesRoles(60);
    const { central, build } = sessions();
    await Promise.all([central(), central()]);
    expect(await central()).toMatchObject({ accessKeyId: 'key-2', sessionToken: 't' });
    expect(await build?.()).toMatchObject({ accessKeyId: 'key-1' });
    expect(asked().map((call) => [call.get('Action'), call.get('RoleArn')])).toEqual([
      ['AssumeRoleWithWebIdentity', 'arn:aws:iam::222222222222:role/odmd/orders/orders--main-build'],
      ['AssumeRole', 'arn:aws:iam::111111111111:role/odmd/orders/orders--main-central'],
    ]);
    expect(asked()[0]?.get('WebIdentityToken')).toBe('proof');
    expect(github.requests).toMatchObject([
      { path: '/token?x=1&audience=sts.amazonaws.com', authorization: 'Bearer of-the-job' },
    ]);
  });

  it('are taken anew when they near their end', async () => {
    givesRoles(4);
    const { central } = sessions();
    const first = await central();
    expect(await central()).not.toEqual(first);
  });

  it.each([
    [30, null],
    [60, null],
    [60.5, '3660'],
    [90, '5400'],
    [10_000, '43200'],
  ])('last as long as a job of %d minutes may', async (minutes, seconds) => {
    givesRoles(60);
    const own = sessions();
    await own.central();
    await own.buildFor(minutes)?.();
    const builds = asked().filter((call) => call.get('Action') === 'AssumeRoleWithWebIdentity');
    expect(builds.map((call) => call.get('DurationSeconds'))).toEqual(
      seconds === null ? [null] : [null, seconds],
    );
  });

  it('are asked for again after a refusal', async () => {
    const body =
      '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>';
    aws.answer = () => ({ status: 403, body });
    const { central } = sessions();
    await expect(central()).rejects.toMatchObject({
      code: 'ODMD550',
      where: 'arn:aws:iam::222222222222:role/odmd/orders/orders--main-build',
    });
    givesRoles(60);
    expect(await central()).toMatchObject({ accessKeyId: 'key-2' });
  });
});

describe("the job's token", () => {
  const retry = { ...defaultRetry, sleep: async () => {} };
  it('is asked for again while GitHub has a problem', async () => {
    const statuses = [500, 429, 200];
    github.answer = () => ({ status: statuses.shift() ?? 500, body: '{"value":"proof"}' });
    expect(await jobToken(job(), retry)).toBe('proof');
    github.answer = () => ({ status: 503, body: '' });
    await expect(jobToken(job(), retry)).rejects.toMatchObject({
      code: 'ODMD550',
      message: expect.stringContaining('status 503'),
    });
  });

  it('is not shown when the answer is not understood', async () => {
    github.answer = () => ({ body: '{"token":"proof"' });
    const error = await jobToken(job(), retry).catch((thrown: unknown) => String(thrown));
    expect(error).toContain('not understood');
    expect(error).not.toContain('proof');
    expect(github.requests).toHaveLength(1);
  });

  it('is not asked for again when GitHub refuses', async () => {
    github.answer = () => ({ status: 403, body: '{"value":"x"}' });
    await expect(jobToken(job(), retry)).rejects.toMatchObject({ code: 'ODMD550' });
    expect(github.requests).toHaveLength(1);
  });
});
