import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { enverTemplates, type JobSource } from '@ondemandenv/central-stacks';
import { fullRef, PROVISIONED_BY, roleArn, roleNames } from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { CloudFormationProvisioner } from '@ondemandenv/control-plane/aws';
import { deployFile, targetOf, teardownFile } from '@ondemandenv/workflow-gen';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CENTRAL, WORKSPACE, World } from '../enver-runtime/world.js';
import type { Credentials } from './emulator.js';
import { allow, assume, assumeAsJob, makeRole, root, trustAccount } from './identities.js';
import type { JobClaims, TokenOptions } from './token-issuer.js';

/*
 * Who gets the build role of an enver: the jobs of one workflow file on one ref. While it is torn down, that is the
 * teardown on the default branch, and its own jobs are not let in.
 */

const clone = enverEntry({
  build: 'web',
  revision: { kind: 'branch', ref: 'feature/login' },
  ephemeral: true,
  cloneOf: 'web/b..main',
});
const repo = { id: 7, ownerId: 3 };
const target = targetOf(clone, { centralAccount: CENTRAL.account, homeRegion: CENTRAL.region });
const deploys: JobSource = { ref: fullRef(clone.revision), workflow: deployFile(target) };
const tearsDown: JobSource = { ref: 'refs/heads/main', workflow: teardownFile(target) };

let world: World;
let platform: Credentials;
beforeAll(async () => {
  world = await World.start();
  const role = await makeRole(world.emulator, CENTRAL.account, {
    name: 'odmd-provisioner-function',
    trust: trustAccount(CENTRAL.account),
    may: [allow('sts:AssumeRole', roleArn('*', '/', PROVISIONED_BY))],
  });
  platform = await assume(world.emulator, role, root(CENTRAL.account));
});
afterAll(() => world?.stop());

/** Has the platform make the enver's roles, for these jobs. */
async function letIn(job: JobSource | undefined): Promise<void> {
  const provisioner = new CloudFormationProvisioner({
    stacksOf: async (entry) => {
      const made = enverTemplates({ entry, central: CENTRAL, repo, accountIds: {}, ...(job && { job }) });
      return [made.central, made.own];
    },
    clientFor: async (account, region) => {
      const as = await assume(world.emulator, roleArn(account, '/', PROVISIONED_BY), platform);
      return new CloudFormationClient(world.emulator.clientWith(as, region));
    },
    emptyAssets: async () => 'done',
    now: Date.now,
  });
  await vi.waitUntil(async () => (await provisioner.ensure(clone)) === 'ready', 20_000);
}

const { path, build } = roleNames(clone.id);

/** Exchanges the token of a job for the build role. */
function take(job: JobSource, other: Partial<JobClaims> = {}, options: TokenOptions = {}) {
  const claims = { repository: 'coffee/shop', repository_id: repo.id, ...job, ...other };
  const token = world.emulator.issuer.jobToken(claims, options);
  return assumeAsJob(world.emulator, roleArn(WORKSPACE, path, build), token);
}

const denied = { name: expect.stringMatching(/AccessDenied/) };

describe('the build role', () => {
  beforeAll(() => letIn(undefined));

  it('is for the enver’s own job, in either form of its subject', async () => {
    await take(deploys);
    await take(deploys, { owner_id: repo.ownerId });
  });

  it.each<[string, JobSource, Partial<JobClaims>]>([
    ['another ref', { ...deploys, ref: 'refs/heads/main' }, {}],
    ['a tag of the branch’s name', { ...deploys, ref: 'refs/tags/feature/login' }, {}],
    ['another workflow', { ...deploys, workflow: '.github/workflows/mine.yaml' }, {}],
    ['its teardown, while nothing is torn down', tearsDown, {}],
    ['its teardown on its own ref', { ...tearsDown, ref: deploys.ref }, {}],
    ['another repository of the same name', deploys, { repository_id: 8 }],
    ['another repository', deploys, { repository: 'coffee/other' }],
    ['another owner with the name', deploys, { owner_id: 4 }],
  ])('is not for %s', async (_, job, other) => {
    await expect(take(job, other)).rejects.toMatchObject(denied);
  });

  it.each<[string, TokenOptions]>([
    ['for somebody else', { audience: 'https://github.com/coffee' }],
    ['that has expired', { expiresIn: -1 }],
    ['that GitHub did not sign', { forged: true }],
  ])('is not for a token %s', async (_, options) => {
    const name = expect.stringMatching(/^(InvalidIdentityToken|ExpiredToken)Exception$/);
    await expect(take(deploys, {}, options)).rejects.toMatchObject({ name });
  });
});

describe('while the enver is torn down', () => {
  beforeAll(() => letIn(tearsDown));

  it('the role is for its teardown on the default branch, in either form', async () => {
    await take(tearsDown);
    await take(tearsDown, { owner_id: repo.ownerId });
  });

  it.each<[string, JobSource]>([
    ['the job that deploys', deploys],
    ['that job on the default branch', { ...deploys, ref: tearsDown.ref }],
    ['the teardown on the own ref', { ...tearsDown, ref: deploys.ref }],
    ['the teardown of another build', { ...tearsDown, workflow: tearsDown.workflow.replace('web', 'api') }],
  ])('and not for %s', async (_, job) => {
    await expect(take(job)).rejects.toMatchObject(denied);
  });

  it('made again, it is for its own job, and not for the teardown', async () => {
    await letIn(deploys);
    await take(deploys);
    await expect(take(tearsDown)).rejects.toMatchObject(denied);
  });
});
