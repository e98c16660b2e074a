import { describe, expect, it } from 'vitest';
import { readEnvironment } from './environment.js';

const common = { ODMD_ENVER: 'orders/b..main', ODMD_DISPATCH: 'd1', ODMD_OUTPUT: '/tmp/outputs' };
const local = { ...common, ODMD_PLATFORM_URL: 'http://127.0.0.1:4000/', ODMD_JOB_TOKEN: 'token' };
const laptop = { ...common, ODMD_CENTRAL_ACCOUNT: '111111111111', ODMD_CENTRAL_REGION: 'us-gov-east-1' };
const job = {
  ...laptop,
  GITHUB_ACTIONS: 'true',
  GITHUB_REF: 'refs/heads/main',
  ODMD_ACCOUNT: '222222222222',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://runner/token?api-version=2.0',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'proof',
};

it('may lack a dispatch on AWS, where the job knows its commit', () => {
  expect(readEnvironment({ ...job, ODMD_DISPATCH: '', ODMD_SHA: 'abc' })).toMatchObject({
    dispatch: '',
    sha: 'abc',
  });
});

describe('where the platform is', () => {
  it('is an address, even when there is an account too', () => {
    const platform = { kind: 'http', url: 'http://127.0.0.1:4000', token: 'token' };
    expect(readEnvironment(local).platform).toEqual(platform);
    expect(readEnvironment({ ...job, ...local }).platform).toEqual(platform);
  });

  it('is an account of AWS, for a laptop and for a job of GitHub', () => {
    const place = { kind: 'aws', centralAccount: '111111111111', centralRegion: 'us-gov-east-1' };
    expect(readEnvironment(laptop)).toMatchObject({ enver: 'orders/b..main', platform: place });
    expect(readEnvironment(laptop)).not.toHaveProperty('ref');
    const { platform, ref } = readEnvironment(job);
    expect(ref).toBe('refs/heads/main');
    expect(platform).toEqual({
      ...place,
      job: { account: '222222222222', tokenUrl: 'https://runner/token?api-version=2.0', bearer: 'proof' },
    });
  });
});

it.each([
  [{}, ['ODMD_ENVER', 'ODMD_DISPATCH', 'ODMD_PLATFORM_URL', 'ODMD_JOB_TOKEN', 'ODMD_OUTPUT']],
  [{ ...local, ODMD_ENVER: '../x', ODMD_OUTPUT: 'x' }, ['ODMD_ENVER', 'ODMD_OUTPUT']],
  [{ ...common, ODMD_CENTRAL_ACCOUNT: '1' }, ['ODMD_CENTRAL_ACCOUNT', 'ODMD_CENTRAL_REGION']],
  [{ ...job, ODMD_ACCOUNT: undefined, ODMD_CENTRAL_REGION: 'x' }, ['ODMD_CENTRAL_REGION', 'ODMD_ACCOUNT']],
  [
    { ...laptop, GITHUB_ACTIONS: 'true', ODMD_ACCOUNT: '222222222222' },
    ['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
  ],
  [{ ...laptop, ODMD_DISPATCH: '' }, ['ODMD_DISPATCH']],
  [{ ...job, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'a b' }, ['ACTIONS_ID_TOKEN_REQUEST_TOKEN']],
])('reports all that is wrong with %o', (variables, wrong) => {
  const read = () => readEnvironment(variables);
  expect(read).toThrowError(
    expect.objectContaining({
      code: 'ODMD501',
      problems: wrong.map((where) => expect.objectContaining({ where })),
    }),
  );
});
