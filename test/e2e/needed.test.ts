import { productPath, roleNames } from '@ondemandenv/contracts-base';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Credentials } from '../emulator/emulator.js';
import { readProduct, runtimeOf, startApplication } from './application.js';
import type { Landscape } from './landscape.js';
import { livingOrg } from './living-org.js';
import { ask, mayAsk, newRole } from './people.js';
import { killFunction } from './processes.js';
import { statementsOf } from './statements.js';
import { sendWebhook } from './webhook.js';
import { withoutStatement } from './without-statement.js';

/*
 * No role has more than it needs: without one of its statements what it is for fails, at the step that needs it, and
 * goes on once it is back. Each table is `kind of role`, and the statements of it with the step or the action that is
 * refused without them.
 */

vi.setConfig({ testTimeout: 240_000, hookTimeout: 600_000 });

const branch = (ref: string) => ({ kind: 'branch', ref }) as const;
const main = branch('main');
const ORDERS = 'orders/b..main';
const FOUNDATION = 'foundation/b..main';

let land: Landscape;
let application: Credentials;
let developer: Credentials;
beforeAll(async () => {
  land = await livingOrg();
  application = await startApplication(land);
  developer = await newRole(land, 'workspace1', 'Developer', mayAsk(land));
});
afterAll(() => land?.stop());

let count = 0;
/** Changes what an enver is made of. @returns the commit */
const push = (enver: string) => {
  const [repo, file] = enver === ORDERS ? ['o/shop', 'orders/a.txt'] : ['o/foundation', 'name.txt'];
  return land.github.push(repo, main, { message: 'a change', files: { [file]: `change-${++count}` } });
};

/** Whether a policy has not let a role do something, of what was decided since a moment. */
const isRefused = (role: string, action: string, since: number) =>
  land.aws
    .decisions()
    .slice(since)
    .some(
      (made) => made.principal.includes(`/${role}`) && made.action === action && made.decision !== 'Allow',
    );
const refused = (role: string, action: string, since: number) =>
  land.until(`${role} is refused ${action}`, async () => isRefused(role, action, since));

/** Lets a function of the platform start anew: one that runs has read its secret, and has sessions of other roles. */
const startAnew = (kind: string) => killFunction(land, kind.replace(/^odmd-|-function$/g, ''));

const roleOf = (kind: string) =>
  kind === 'odmd-provisioner-function' ? kind : `odmd-central-${kind[0]?.toUpperCase()}${kind.slice(1)}Role`;

/** A row for each statement: `kind of role, statement, what fails without it, ...the rest`. */
const rows = <Rest extends string[]>(table: [kind: string, needs: Record<string, string>, ...rest: Rest][]) =>
  table.flatMap(([kind, needs, ...rest]) =>
    Object.entries(needs).map(([sid, fails]): [string, string, string, ...Rest] => [
      kind,
      sid,
      fails,
      ...(rest as Rest),
    ]),
  );

const READ = 'Read the inputs';
const DEPLOY = 'Test and deploy';
const PUBLISH = 'Publish the products';
const JOBS = rows<[account: string, enver: string]>([
  ['build', { GoToCentral: READ }, 'workspace1', ORDERS],
  ['central', { ReadOwnEntry: READ, ReadConsumedProducts: READ, ReadOwnState: READ }, 'central', ORDERS],
  ['central', { WriteOwnProducts: PUBLISH, SayWhatHappened: PUBLISH }, 'central', ORDERS],
  ['build', { UploadOwnAssets: DEPLOY, PassOwnExecRole: DEPLOY }, 'workspace1', FOUNDATION],
  ['build', { ChangeOwnStacks: DEPLOY, FollowOwnStacks: DEPLOY }, 'workspace1', FOUNDATION],
  ['exec', { DeployDeclaredServices: DEPLOY }, 'workspace1', FOUNDATION],
]);

describe('a job', () => {
  it.each(JOBS)('by its role %s without %s fails at %j', async (kind, sid, step, account, enver) => {
    const role = roleNames(enver)[kind as 'build' | 'central' | 'exec'];
    await withoutStatement(land, account, role, sid, async () => {
      const before = land.jobs.ended.length;
      await push(enver);
      const job = await land.until('the job ended', async () =>
        land.jobs.ended.slice(before).find(({ inputs }) => inputs.enver === enver),
      );
      expect(job.code).toBe(1);
      expect(job.log).toContain(`Failure - Main ${step}`);
      await land.phases({ [enver]: 'failed' });
    });
    await push(enver);
    await land.phases({ [enver]: 'deployed' });
  });
});

describe('an application', () => {
  it.each([
    ['workspace1', 'GoToCentral', 'sts:AssumeRole'],
    ['central', 'ReadProducts', 'ssm:GetParameters'],
  ])('by the runtime role in %s without %s reads nothing', async (account, sid, action) => {
    const path = productPath(FOUNDATION, 'queue');
    const read = async () => readProduct(land, await runtimeOf(land, ORDERS, application), path);
    const role = roleNames(ORDERS).runtime;
    await withoutStatement(land, account, role, sid, async () => {
      const since = land.aws.decisions().length;
      await expect(read()).rejects.toThrow('not authorized');
      expect(isRefused(role, action, since)).toBe(true);
    });
    expect(await read()).toEqual(expect.any(String));
  });
});

/** What asks a function of the platform, and fails when that does. */
const ASKED: Readonly<Record<string, () => Promise<unknown>>> = {
  'a webhook': async () => {
    const answer = await sendWebhook(land, 'push', 'o/shop', { ref: 'refs/heads/main' });
    if (answer !== 202) throw new Error(`answered ${answer}`);
  },
  'an event': () =>
    land.invoke('intake', {
      id: `event-${++count}`,
      source: `odmd.enver/${ORDERS}`,
      'detail-type': 'EnverDeployed',
      detail: {},
    }),
  'a sweep': () => land.invoke('schedule', { task: 'sweep' }),
  status: () => asked('status'),
  'status of one': () => asked('status', ORDERS),
  deploy: () => asked('deploy', FOUNDATION),
};

async function asked(...args: string[]): Promise<void> {
  const { code, log } = await ask(land, developer, ...args);
  if (code !== 0) throw new Error(log);
}

const SECRET = { ReadAppSecret: 'secretsmanager:GetSecretValue' };
const ENQUEUE = { Enqueue: 'sqs:SendMessage' };
const MANIFESTS = { ReadManifests: 's3:GetObject' };
const FUNCTIONS = rows<[asked: string]>([
  ['ingress', { ...ENQUEUE, ...SECRET }, 'a webhook'],
  ['intake', { ...ENQUEUE, ...MANIFESTS, ReadRecords: 'dynamodb:GetItem' }, 'an event'],
  ['schedule', { ...ENQUEUE, ...SECRET, ...MANIFESTS, ReadRecords: 'dynamodb:GetItem' }, 'a sweep'],
  ['api', { ...SECRET, ...MANIFESTS, KeepRecords: 'dynamodb:Query' }, 'status'],
  ['api', { CountWork: 'sqs:GetQueueAttributes' }, 'status'],
  ['api', { ReadValues: 'ssm:GetParametersByPath' }, 'status of one'],
  ['api', ENQUEUE, 'deploy'],
]);

const WORK = rows([
  ['reconciler', { ...MANIFESTS, KeepRecords: 'dynamodb:GetItem', ReadValues: 'ssm:GetParameters' }],
  ['reconciler', { WriteDispatches: 'ssm:PutParameter', AskProvisioner: 'lambda:InvokeFunction' }],
  ['odmd-provisioner-function', { BecomeProvisionerOfAnAccount: 'sts:AssumeRole' }],
]);

describe('the platform', () => {
  it.each(FUNCTIONS)(
    'by its role %s without %s is refused %s, and fails at %s',
    async (kind, sid, action, what) => {
      await land.calm();
      await startAnew(kind);
      await withoutStatement(land, 'central', roleOf(kind), sid, async (role) => {
        const since = land.aws.decisions().length;
        await expect(ASKED[what]?.()).rejects.toThrow();
        expect(isRefused(role, action, since)).toBe(true);
      });
      await ASKED[what]?.();
    },
  );

  it.each(WORK)(
    'by its role %s without %s is refused %s, and dispatches nothing',
    async (kind, sid, action) => {
      await land.calm();
      await startAnew(kind);
      const dispatched = land.jobs.dispatched.length;
      const sha = await withoutStatement(land, 'central', roleOf(kind), sid, async (role) => {
        const since = land.aws.decisions().length;
        const pushed = await push(ORDERS);
        await refused(role, action, since);
        expect(land.jobs.dispatched).toHaveLength(dispatched);
        return pushed;
      });
      await land.invoke('schedule', { task: 'sweep' });
      await land.until(
        'it heals',
        async () => (await land.envers())[ORDERS]?.deployed?.vector.source.sha === sha,
      );
    },
  );
});

const MAKES = { KeepEnverStacks: 'cloudformation:CreateStack', MakeRolesBelowBoundary: 'iam:CreateRole' };
const REMOVES = { RemoveStacksOfEnvers: 'cloudformation:DeleteStack', PassExecRoles: 'iam:PassRole' };
const ACCOUNTS = rows<[what: string]>([
  ['odmd-provisioner', MAKES, 'makes the roles'],
  ['odmd-provisioner', REMOVES, 'removes the stacks'],
]);

describe('in an account the platform', () => {
  it.each(ACCOUNTS)(
    'by its role %s without %s is refused %s, and never %s',
    async (role, sid, action, what) => {
      const ref = branch(`feature/${sid}`);
      const clones = async () =>
        Object.values(await land.envers()).filter(({ revision }) => revision.ref === ref.ref);
      const create = () => land.github.push('o/foundation', ref, { message: 'odmd: create@main' });
      const remove = () => land.github.push('o/foundation', ref, { message: 'odmd: delete' });
      const deployed = () => land.until('a clone', async () => (await clones())[0]?.phase === 'deployed');
      if (what === 'removes the stacks') {
        await create();
        await deployed();
      }
      await withoutStatement(land, 'workspace1', role, sid, async () => {
        const since = land.aws.decisions().length;
        await (what === 'removes the stacks' ? remove() : create());
        await refused(role, action, since);
      });
      if (what !== 'removes the stacks') {
        await deployed();
        await remove();
      }
      await land.until('it is gone', async () => (await clones()).length === 0, 180);
    },
  );
});

it('has no kind of role without such a test', async () => {
  const kindsOf = (statements: readonly string[]) =>
    [...new Set(statements.map((statement) => statement.split(' ')[0]))].sort();
  const tested = [...JOBS, ...FUNCTIONS, ...WORK, ...ACCOUNTS].map(([kind]) => kind);
  // The role of the rule is asked by nobody here: the emulator asks the policy of the bus that takes an event.
  const untested = 'odmd-region-StackEventsEventsRole';
  expect(kindsOf([...tested, 'runtime', untested])).toEqual(kindsOf(await statementsOf(land)));
});
