import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Landscape } from './landscape.js';
import { CONTRACTS, FOUNDATION, SHOP } from './org.js';
import { processesWith } from './processes.js';
import { sendWebhook } from './webhook.js';
import { withoutStatement } from './without-statement.js';

/*
 * No role has more than it needs: without one of its statements what it is for fails, at the step that needs it, and
 * goes on once it is back.
 */

vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

const branch = (ref: string) => ({ kind: 'branch', ref }) as const;
const main = branch('main');

let land: Landscape;
beforeAll(async () => {
  land = await Landscape.start();
  for (const [name, files] of [
    ['foundation', FOUNDATION],
    ['shop', SHOP],
    ['contracts', CONTRACTS],
  ] as const) {
    await land.github.createRepo(name);
    await land.github.push(`o/${name}`, main, { message: 'the beginning', files });
  }
  await land.phases({ 'web/b..main': 'deployed', 'probe/b..main': 'deployed' }, 200);
  await land.calm();
});
afterAll(() => land?.stop());

let count = 0;
const push = (repo: string, file: string) =>
  land.github.push(`o/${repo}`, main, { message: 'a change', files: { [file]: `change-${++count}` } });

/** Waits until a policy has not let a role do something that the test began with. */
async function refused(role: string, action: string, since: number): Promise<void> {
  await land.until(`${role} is refused ${action}`, async () =>
    land.aws
      .decisions()
      .slice(since)
      .some(
        (made) => made.principal.includes(`/${role}`) && made.action === action && made.decision !== 'Allow',
      ),
  );
}

describe('a job', () => {
  it.each([
    ['GoToCentral', 'workspace1', 'orders--main-build', 'Read the inputs', 'shop', 'orders/a.txt', 'orders'],
    ['ReadOwnEntry', 'central', 'orders--main-central', 'Read the inputs', 'shop', 'orders/a.txt', 'orders'],
    [
      'ReadConsumedProducts',
      'central',
      'orders--main-central',
      'Read the inputs',
      'shop',
      'orders/a.txt',
      'orders',
    ],
    ['ReadOwnState', 'central', 'orders--main-central', 'Read the inputs', 'shop', 'orders/a.txt', 'orders'],
    [
      'WriteOwnProducts',
      'central',
      'orders--main-central',
      'Publish the products',
      'shop',
      'orders/a.txt',
      'orders',
    ],
    [
      'SayWhatHappened',
      'central',
      'orders--main-central',
      'Publish the products',
      'shop',
      'orders/a.txt',
      'orders',
    ],
    [
      'UploadOwnAssets',
      'workspace1',
      'foundation--main-build',
      'Test and deploy',
      'foundation',
      'name.txt',
      'foundation',
    ],
    [
      'ChangeOwnStacks',
      'workspace1',
      'foundation--main-build',
      'Test and deploy',
      'foundation',
      'name.txt',
      'foundation',
    ],
    [
      'PassOwnExecRole',
      'workspace1',
      'foundation--main-build',
      'Test and deploy',
      'foundation',
      'name.txt',
      'foundation',
    ],
    [
      'DeployDeclaredServices',
      'workspace1',
      'foundation--main-exec',
      'Test and deploy',
      'foundation',
      'name.txt',
      'foundation',
    ],
  ] as const)('without %s fails', async (sid, account, role, step, repo, file, build) => {
    const enver = `${build}/b..main`;
    await withoutStatement(land, account, role, sid, async () => {
      const before = land.jobs.ended.length;
      await push(repo, file);
      const job = await land.until('the job ended', async () =>
        land.jobs.ended.slice(before).find(({ inputs }) => inputs.enver === enver),
      );
      expect(job.code).toBe(1);
      expect(job.log).toContain(`Failure - Main ${step}`);
      await land.phases({ [enver]: 'failed' });
    });
    await push(repo, file);
    await land.phases({ [enver]: 'deployed' });
  });
});

describe('the platform', () => {
  it('without the right to enqueue takes no webhook', async () => {
    await withoutStatement(land, 'central', 'odmd-central-IngressRole', 'Enqueue', async () => {
      const hook = { ref: 'refs/heads/main', after: 'x' };
      expect(await sendWebhook(land, 'push', 'o/shop', hook)).toBe(500);
    });
    expect(await sendWebhook(land, 'push', 'o/shop', { ref: 'refs/heads/main' })).toBe(202);
  });

  it('without the right to enqueue sweeps nothing', async () => {
    await withoutStatement(land, 'central', 'odmd-central-ScheduleRole', 'Enqueue', async () => {
      await expect(land.invoke('schedule', { task: 'sweep' })).rejects.toThrow('sqs:SendMessage');
    });
    await land.invoke('schedule', { task: 'sweep' });
  });

  it('without the right to enqueue hears of no product', async () => {
    await land.calm();
    await withoutStatement(land, 'central', 'odmd-central-IntakeRole', 'Enqueue', async (role) => {
      const since = land.aws.decisions().length;
      await push('shop', 'orders/a.txt');
      await refused(role, 'sqs:SendMessage', since);
    });
  });

  it.each([
    ['odmd-central-ReconcilerRole', 'WriteDispatches', 'ssm:PutParameter'],
    ['odmd-central-ReconcilerRole', 'ReadValues', 'ssm:GetParameters'],
    ['odmd-central-ReconcilerRole', 'AskProvisioner', 'lambda:InvokeFunction'],
    ['odmd-provisioner-function', 'BecomeProvisionerOfAnAccount', 'sts:AssumeRole'],
  ] as const)('as %s without %s dispatches nothing', async (role, sid, action) => {
    await land.calm();
    // A function that runs has sessions of other roles in its memory.
    for (const pid of processesWith('AWS_LAMBDA_FUNCTION_NAME=odmd-provisioner', new URL(land.aws.url).port))
      process.kill(pid, 'SIGKILL');
    const dispatched = land.jobs.dispatched.length;
    const sha = await withoutStatement(land, 'central', role, sid, async () => {
      const since = land.aws.decisions().length;
      const pushed = await push('shop', 'orders/a.txt');
      await refused(role, action, since);
      expect(land.jobs.dispatched).toHaveLength(dispatched);
      return pushed;
    });
    await land.invoke('schedule', { task: 'sweep' });
    await land.until(
      'it heals',
      async () => (await land.envers())['orders/b..main']?.deployed?.vector.source.sha === sha,
    );
  });

  it.each([
    ['KeepEnverStacks', 'cloudformation:CreateStack'],
    ['MakeRolesBelowBoundary', 'iam:CreateRole'],
  ])('without %s in an account makes no roles there', async (sid, action) => {
    const ref = branch(`feature/${sid}`);
    await withoutStatement(land, 'workspace2', 'odmd-provisioner', sid, async (role) => {
      const since = land.aws.decisions().length;
      const files = { 'probe/a.txt': sid };
      await land.github.push('o/shop', ref, { message: 'odmd: create probe@main', files });
      await refused(role, action, since);
    });
    await land.github.push('o/shop', ref, { message: 'odmd: delete' });
    await land.until(
      'it is gone',
      async () => Object.keys(await land.envers()).every((id) => !id.includes(sid)),
      180,
    );
  });
});
