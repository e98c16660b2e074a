import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  Build,
  Consumer,
  Contracts,
  ContractsLibEnver,
  Producer,
  productPath,
  Reaction,
  Revision,
  ScriptEnver,
} from '@ondemandenv/contracts-base';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type Credentials, REGION } from '../emulator/emulator.js';
import { allow, assume, document, makeRole, root, trustAccount } from '../emulator/identities.js';
import { callFunction } from '../emulator/signed-fetch.js';
import { ORG } from '../github/emulator.js';
import { ApiWorld, OWN, WORKSPACE } from './api-world.js';

/*
 * `odmd` against the platform on AWS, whose function runs with its own role: signed with the credentials of people who
 * have roles, and of such as have none.
 */

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const STRANGER = '333333333333';
const FUNCTION = `arn:aws:lambda:${REGION}:${OWN}:function:odmd-api`;
const CALL = allow(['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'], FUNCTION);
const WEB = 'web/b..main';
const MENU = productPath('foundation/b..main', 'menu');

function contracts(): Contracts {
  const org = new Contracts('coffee', {
    accounts: { central: { id: OWN, central: true }, workspace1: { id: WORKSPACE } },
    repos: { contracts: { owner: ORG, name: 'contracts' }, shop: { owner: ORG, name: 'shop' } },
  });
  const place = { revision: Revision.branch('main'), account: 'workspace1', region: REGION };
  const commands = { deploy: ['make'], destroy: ['make clean'] };
  new ContractsLibEnver(new Build(org, 'contracts', { repo: 'contracts' }), place);
  const builds = (id: string) => new Build(org, id, { repo: 'shop', workDir: id });
  const foundation = new ScriptEnver(builds('foundation'), { ...place, ...commands });
  const web = new ScriptEnver(builds('web'), { ...place, ...commands });
  new Consumer(web, 'menu', new Producer(foundation, 'menu', { schema: z.string() }), {
    onChange: Reaction.approve({ account: 'workspace1', role: 'Release' }),
  });
  return org;
}

let world: ApiWorld;
let release: Credentials;
let developer: Credentials;

async function who(name: string, account = WORKSPACE, path = '/'): Promise<Credentials> {
  const role = { name, path, trust: trustAccount(account), may: [CALL] };
  return assume(world.aws, await makeRole(world.aws, account, role), root(account));
}

beforeAll(async () => {
  world = await ApiWorld.start();
  for (const name of ['contracts', 'shop']) await world.github.createRepo(name);
  const main = { kind: 'branch', ref: 'main' } as const;
  const sha = await world.github.push(`${ORG}/contracts`, main, { message: 'first', files: { a: '1' } });
  await world.github.push(`${ORG}/shop`, main, { message: 'first', files: { 'web/a': '1' } });
  const feature = { kind: 'branch', ref: 'feature/login' } as const;
  await world.github.push(`${ORG}/shop`, feature, { message: 'more', files: { 'web/b': '1' } });
  await world.publish(contracts(), sha);
  release = await who('Release', WORKSPACE, '/teams/web/');
  developer = await who('Developer');
});
afterAll(() => world?.stop());

const asked = (version: string) => ({
  phase: 'deployed' as const,
  approvals: { [MENU]: { version, state: 'requested' as const, roots: [], at: Date.now() } },
});

describe('who may call', () => {
  it('roles of the org’s accounts that their own account allows it', async () => {
    for (const account of [OWN, WORKSPACE]) {
      const { status, body } = await callFunction(`${world.url}/api/status`, await who('Reader', account));
      expect({ status, org: body.org }).toEqual({ status: 200, org: 'coffee' });
    }
  });

  it('nobody without a signature, without the permission, or of another account', async () => {
    const nobody = await makeRole(world.aws, WORKSPACE, { name: 'Nobody', trust: trustAccount(WORKSPACE) });
    const refused = [
      undefined,
      await assume(world.aws, nobody, root(WORKSPACE)),
      await who('Foreigner', STRANGER),
      { ...developer, secretAccessKey: 'guessed' },
    ];
    for (const as of refused)
      expect(await callFunction(`${world.url}/api/status`, as)).toMatchObject({ status: 403 });
    const { code, out, err } = await world.odmd(refused[1], 'status');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^ODMD743 .*AWS does not let you in/);
  });

  it('nobody without credentials, which is said before anything is sent', async () => {
    const { code, err } = await world.odmd(undefined, 'status');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^ODMD742 .*no credentials/) });
  });
});

describe('status', () => {
  it('lists every enver without what costs a call for each, and shows one with everything', async () => {
    await world.publishProduct(MENU, 'sesame');
    const { code, out } = await world.odmd(developer, 'status');
    expect(code).toBe(0);
    expect(out).toMatch(/^coffee: contracts [0-9a-f]{7} \(serial 1\)/);
    for (const id of ['contracts/b..main', 'foundation/b..main', WEB]) expect(out).toContain(id);
    const { envers } = JSON.parse((await world.odmd(developer, 'status', '--json')).out);
    expect(envers[0]).not.toHaveProperty('history');
    const one = await world.odmd(developer, 'status', 'foundation/b..main', '--json');
    expect(JSON.parse(one.out)).toMatchObject({ products: [{ name: 'menu', version: 1 }] });
    expect(one.out + out).not.toContain('sesame');
  });

  it('names envers whose refs people can change alone, when it is asked to', async () => {
    await world.github.rest('POST', `/repos/${ORG}/contracts/rulesets`, {
      name: 'main',
      target: 'branch',
      enforcement: 'active',
      conditions: { ref_name: { include: ['refs/heads/main'], exclude: [] } },
      rules: ['pull_request', 'non_fast_forward', 'deletion', 'creation'].map((type) => ({ type })),
    });
    const { code, out, err } = await world.odmd(developer, 'status', '--protection', '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const ref = 'refs/heads/main';
    const gaps = ['push', 'rewrite'];
    expect(JSON.parse(out).unprotected).toEqual(
      ['foundation/b..main', WEB].map((enver) => ({ enver, repo: `${ORG}/shop`, ref, gaps })),
    );
    const one = await world.odmd(developer, 'status', 'contracts/b..main', '--protection');
    expect(one.out).toContain('every ref is protected');
  });

  it('names what does not exist', async () => {
    const { code, err } = await world.odmd(developer, 'status', 'tea/b..main');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^ODMD866 .*tea\/b\.\.main/s) });
  });
});

describe('deploy', () => {
  it('notes who asked for it, and waits', async () => {
    expect(await world.odmd(developer, 'deploy', 'foundation/b..main')).toMatchObject({ code: 0 });
    const by = expect.stringMatching(/^odmd deploy by workspace1\/Developer \(session test\) at /);
    expect(await world.record('foundation/b..main')).toMatchObject({ forced: by });
    const { code, err } = await world.odmd(
      developer,
      'status',
      'foundation/b..main',
      '--wait',
      '--timeout',
      '0.5',
    );
    expect({ code, err }).toEqual({ code: 75, err: expect.stringMatching(/^ODMD661 /) });
  });

  it('ends its wait with what became of it', async () => {
    await world.become('foundation/b..main', { phase: 'idle' });
    const waiting = world.odmd(developer, 'deploy', 'foundation/b..main', '--wait', '--json');
    await expect.poll(async () => (await world.record('foundation/b..main'))?.forced).toBeDefined();
    await world.become('foundation/b..main', { phase: 'failed', reason: 'no beans' });
    const { code, out } = await waiting;
    expect({ code, ...JSON.parse(out) }).toMatchObject({ code: 1, phase: 'failed', reason: 'no beans' });
  });
});

describe('approve', () => {
  it('is for the roles that the contracts name, whatever path they have', async () => {
    await world.become(WEB, asked('2#abcdefabcdef'));
    expect((await world.odmd(developer, 'status', WEB)).out).toContain(
      '`odmd approve` by workspace1/Release',
    );
    const refused = await world.odmd(developer, 'approve', WEB);
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^ODMD408 workspace1\/Developer may not/),
    });
    const granted = await world.odmd(release, 'approve', WEB, '--json');
    expect(granted).toMatchObject({ code: 0 });
    expect(JSON.parse(granted.out)).toMatchObject({ product: 'foundation/b..main/menu', granted: true });
    const { approvals, history = [] } = (await world.record(WEB)) ?? {};
    expect(approvals?.[MENU]).toMatchObject({ state: 'granted', by: 'workspace1/Release' });
    expect(history.map(({ text }) => text).join()).toContain('workspace1/Developer may not decide');
    expect(await world.odmd(release, 'approve', WEB)).toMatchObject({ code: 1 });
  });

  it('is not for a role of the same name elsewhere, nor for a user, nor for who only says so', async () => {
    await world.become(WEB, asked('3#abcdefabcdef'));
    const decision = { enver: WEB, path: MENU, version: '3#abcdefabcdef', granted: true };
    const decide = (as: Credentials, more = {}) =>
      callFunction(`${world.url}/api/decide`, as, 'POST', { ...decision, ...more });
    expect(await decide(await who('Release', OWN))).toMatchObject({ status: 403, body: { code: 'ODMD408' } });
    expect(await decide(await user('Release'))).toMatchObject({ status: 403, body: { code: 'ODMD867' } });
    expect(await decide(developer, { by: 'workspace1/Release' })).toMatchObject({
      status: 400,
      body: { code: 'ODMD865' },
    });
    expect((await world.record(WEB))?.approvals?.[MENU]).toMatchObject({ state: 'requested' });
    const named = await world.odmd(release, 'approve', WEB, '--as', 'workspace1/Release');
    expect(named).toMatchObject({ code: 2, err: expect.stringContaining('leave out --as') });
    expect(await decide(release, { version: '2#abcdefabcdef' })).toMatchObject({
      status: 409,
      body: { code: 'ODMD407' },
    });
  });
});

describe('clone', () => {
  const place = ['--repo', `${ORG}/shop`, '--branch', 'feature/login'];

  it('makes, lists and removes the copies of a branch', async () => {
    const made = await world.odmd(developer, 'clone', 'create', 'web@main', ...place);
    expect(made, made.err).toMatchObject({ code: 0 });
    const { clones } = JSON.parse((await world.odmd(developer, 'clone', 'list', '--json')).out);
    expect(clones).toMatchObject([{ cloneOf: WEB, ref: 'refs/heads/feature/login', repo: `${ORG}/shop` }]);
    const record = await world.record(clones[0].id);
    expect(record?.history[0]?.text).toContain('the command of workspace1/Developer (session test)');
    expect(await world.odmd(developer, 'clone', 'delete', ...place)).toMatchObject({ code: 0 });
    expect(await world.record(clones[0].id)).toMatchObject({ phase: 'deleting' });
  });

  it('refuses what cannot be, with the reason', async () => {
    const base = await world.odmd(developer, 'clone', 'create', 'tea@main', ...place);
    expect(base).toMatchObject({ code: 1, err: expect.stringMatching(/^ODMD302 /) });
    const branch = ['--repo', `${ORG}/shop`, '--branch', 'nowhere'];
    const missing = await world.odmd(developer, 'clone', 'create', 'main', ...branch);
    expect(missing).toMatchObject({ code: 1, err: expect.stringMatching(/^ODMD413 /) });
  });
});

describe('retire', () => {
  it('says what would go, and removes it when somebody confirms', async () => {
    const kept = await world.odmd(developer, 'retire', WEB, '--confirm');
    expect(kept).toMatchObject({ code: 1, err: expect.stringMatching(/^ODMD410 /) });
    await world.become('foundation/b..main', { phase: 'retired' });
    const looked = await world.odmd(developer, 'retire', 'foundation/b..main', '--json');
    expect(JSON.parse(looked.out)).toMatchObject({ removed: false, products: ['menu'] });
    const gone = await world.odmd(developer, 'retire', 'foundation/b..main', '--confirm');
    expect(gone).toMatchObject({ code: 0 });
    expect(await world.record('foundation/b..main')).toMatchObject({
      deleting: expect.stringContaining('workspace1/Developer (session test)'),
    });
  });
});

describe('sync', () => {
  const SHA = 'f'.repeat(40);

  it('applies contracts that do not follow, for those alone who run the platform', async () => {
    await world.announce(contracts(), SHA);
    const force = (as: Credentials, sha = SHA) => world.odmd(as, 'sync', '--force', sha);
    for (const as of [developer, release])
      expect(await force(as)).toMatchObject({ code: 1, err: expect.stringMatching(/^ODMD860 /) });
    const engineer = await who('Engineer', OWN);
    expect(await force(engineer, 'e'.repeat(40))).toMatchObject({ err: expect.stringMatching(/^ODMD414 /) });
    expect(await force(engineer)).toMatchObject({ code: 1, err: expect.stringMatching(/^ODMD402 /) });
    await world.upload(contracts(), SHA);
    expect(await force(engineer)).toMatchObject({ code: 0, err: '' });
    expect((await world.odmd(developer, 'status')).out).toMatch(/^coffee: contracts fffffff /);
    const { history = [] } = (await world.record('contracts/b..main')) ?? {};
    expect(history.at(-1)?.text).toContain('central/Engineer (session test) had the contracts');
  });
});

it('answers what it does not understand with a code', async () => {
  const ask = (path: string, method: 'GET' | 'POST', body?: object) =>
    callFunction(`${world.url}/api/${path}`, developer, method, body);
  expect(await ask('tea', 'GET')).toMatchObject({ status: 404, body: { code: 'ODMD866' } });
  expect(await ask('deploy', 'POST', { enver: '' })).toMatchObject({
    status: 400,
    body: { code: 'ODMD865' },
  });
  expect(await ask('deploy', 'POST', { enver: 'tea/b..main' })).toMatchObject({
    status: 409,
    body: { code: 'ODMD406' },
  });
});

/** A user of the workspace's account, with a key. */
async function user(UserName: string): Promise<Credentials> {
  const iam = new IAMClient(world.aws.clientFor(WORKSPACE));
  await iam.send(new CreateUserCommand({ UserName }));
  const PolicyDocument = document(CALL);
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'may', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
}
