import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Credentials, Emulator, REGION } from './emulator.js';
import {
  allow,
  assume,
  assumeAsJob,
  makePolicy,
  makeRole,
  root,
  trustAccount,
  trustGitHub,
  trustJobs,
} from './identities.js';
import type { JobClaims } from './token-issuer.js';

const A = '111111111111';
const B = '222222222222';
const parameter = (path: string) => `arn:aws:ssm:${REGION}:${A}:parameter${path}`;

const job: JobClaims = {
  repository: 'coffee/shop',
  repository_id: 7,
  ref: 'refs/heads/main',
  workflow: '.github/workflows/x.yaml',
};

let emulator: Emulator;
beforeAll(async () => {
  emulator = await Emulator.start();
  await trustGitHub(emulator, B);
});
afterAll(() => emulator?.stop());

const put = (path: string, as: Credentials) =>
  new SSMClient(emulator.clientWith(as)).send(
    new PutParameterCommand({ Name: path, Value: 'x', Type: 'String', Overwrite: true }),
  );
const denied = { name: expect.stringMatching(/AccessDenied/) };

describe('a role', () => {
  it('may do what its policy says, and nothing else', async () => {
    const may = [allow('ssm:PutParameter', parameter('/a/*'))];
    const role = await makeRole(emulator, A, { name: 'plain', trust: trustAccount(A), may });
    const session = await assume(emulator, role, root(A));
    await put('/a/x', session);
    await expect(put('/b/x', session)).rejects.toMatchObject(denied);
  });

  it('never exceeds its boundary', async () => {
    const boundary = await makePolicy(emulator, A, 'boundary', allow('ssm:PutParameter', parameter('/in/*')));
    const role = await makeRole(emulator, A, {
      name: 'bounded',
      trust: trustAccount(A),
      may: [allow('ssm:*')],
      boundary,
    });
    const session = await assume(emulator, role, root(A));
    await put('/in/x', session);
    await expect(put('/out/x', session)).rejects.toMatchObject(denied);
  });

  it('is assumed by the role that its trust names by ARN and path, and by no other of the account', async () => {
    const arn = (name: string) => `arn:aws:iam::${B}:role/team/${name}`;
    const target = await makeRole(emulator, A, {
      name: 'target',
      trust: trustAccount(B, { ArnEquals: { 'aws:PrincipalArn': arn('right') } }),
    });
    for (const name of ['right', 'wrong']) {
      const may = [allow('sts:AssumeRole', target)];
      await makeRole(emulator, B, { name, path: '/team/', trust: trustAccount(B), may });
    }
    const session = await assume(emulator, target, await assume(emulator, arn('right'), root(B)));
    const { Arn } = await new STSClient(emulator.clientWith(session)).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::${A}:assumed-role/target/test`);
    const wrong = await assume(emulator, arn('wrong'), root(B));
    await expect(assume(emulator, target, wrong)).rejects.toMatchObject(denied);
  });
});

describe('the text of a policy', () => {
  it('has variables', async () => {
    const own = `/of/\${aws:PrincipalAccount}/*`;
    const may = [
      allow('ssm:PutParameter', parameter(own)),
      allow('ssm:PutParameter', parameter(`/\${aws:x}*`)),
    ];
    const role = await makeRole(emulator, A, { name: 'variables', trust: trustAccount(A), may });
    const session = await assume(emulator, role, root(A));
    await put(`/of/${A}/x`, session);
    await expect(put(`/of/${B}/x`, session)).rejects.toMatchObject(denied);
  });

  it.each([
    ['$', 'a$b', 'a_b'],
    ['*', 'a*b', 'axxb'],
    ['?', 'a?b', 'axb'],
  ])('writes %s itself as a variable', async (character, right, wrong) => {
    const { Condition, ...rest } = trustJobs(B, { ref: `a\${${character}}b` });
    for (const operator of ['StringLike', 'StringEquals']) {
      const role = await makeRole(emulator, B, {
        name: `text-${operator}-${character.charCodeAt(0)}`,
        trust: { ...rest, Condition: { [operator]: Condition?.StringEquals ?? {} } },
      });
      await assumeAsJob(emulator, role, emulator.issuer.jobToken({ ...job, ref: right }));
      const other = emulator.issuer.jobToken({ ...job, ref: wrong });
      await expect(assumeAsJob(emulator, role, other)).rejects.toMatchObject(denied);
    }
  });
});

describe('the token of a job', () => {
  let role: string;
  beforeAll(async () => {
    role = await makeRole(emulator, B, {
      name: 'job',
      trust: trustJobs(B, {
        aud: 'sts.amazonaws.com',
        repository_id: '7',
        ref: job.ref,
        job_workflow_ref: `coffee/shop/${job.workflow}@${job.ref}`,
        sub: [`repo:coffee/shop:ref:${job.ref}`, 'repo:other'],
      }),
    });
  });
  const take = (token: string, account = B) => assumeAsJob(emulator, role.replace(B, account), token);

  it('gets the role that trusts it', async () => {
    const session = await take(emulator.issuer.jobToken(job));
    const { Arn } = await new STSClient(emulator.clientWith(session)).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::${B}:assumed-role/job/test`);
  });

  it.each([
    ['another ref', { ref: 'refs/heads/other' }],
    ['another repository of the same name', { repository_id: 8 }],
    ['another workflow', { workflow: '.github/workflows/y.yaml' }],
    ['another name', { repository: 'coffee/other' }],
  ])('does not with %s', async (_, other) => {
    await expect(take(emulator.issuer.jobToken({ ...job, ...other }))).rejects.toMatchObject(denied);
  });

  it.each([
    ['a forged one', { forged: true }, 'InvalidIdentityTokenException'],
    ['one for somebody else', { audience: 'https://github.com/coffee' }, 'InvalidIdentityTokenException'],
    ['an expired one', { expiresIn: -1 }, 'ExpiredTokenException'],
  ])('does not as %s', async (_, options, name) => {
    await expect(take(emulator.issuer.jobToken(job, options))).rejects.toMatchObject({ name });
  });

  it('does not without a signature, nor where the account does not know the issuer', async () => {
    const [, claims] = emulator.issuer.jobToken(job).split('.');
    const head = Buffer.from('{"alg":"none"}').toString('base64url');
    await expect(take(`${head}.${claims}.`)).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
    await expect(take(emulator.issuer.jobToken(job), '333333333333')).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
    });
  });

  it('is given to the job that asks for it, and to nobody else', async () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } =
      await emulator.issuer.tokenRequest(job);
    const ask = (authorization: string) =>
      fetch(`${url}&audience=sts.amazonaws.com`, { headers: { authorization } });
    const { value } = (await (await ask(`bearer ${bearer}`)).json()) as { value: string };
    await take(value);
    expect((await ask('bearer x')).status).toBe(401);
  });
});

it('answers nobody without credentials', async () => {
  const ssm = new SSMClient(
    emulator.clientWith({ accessKeyId: 'AKIAUNKNOWN000000000', secretAccessKey: 'x' }),
  );
  await expect(ssm.send(new GetParameterCommand({ Name: '/a/x' }))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  });
});
