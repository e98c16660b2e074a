import { LATER_STEP, type WorkflowFile, workflowFiles } from '@ondemandenv/workflow-gen';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, type Runner, startRunner } from './act/runner.js';
import { oddOrg } from './org.js';

const files = workflowFiles(oddOrg());
const file = (pattern: RegExp): WorkflowFile => {
  const found = files.find(({ path }) => pattern.test(path));
  if (!found) throw new Error(`there is no workflow of ${pattern}`);
  return found;
};
const deploy = file(/-script-[^.]*\.yaml$/);

let runner: Runner;
let sha: string;
beforeAll(async () => {
  runner = await startRunner(files);
  sha = runner.commit('main');
});
afterAll(() => runner.close());

const commands = ({ calls }: Ended) => calls.map(({ command }) => command);
const inputs = (rest: Record<string, string> = {}) => ({
  enver: 'a-b/b..main',
  dispatch: '0123456789ab-1',
  sha,
  ...rest,
});

describe('a generated workflow, run', () => {
  it('hands the dispatch and its place to odmd-enver, at exactly the dispatched commit', async () => {
    runner.commit('newer');
    const ended = await runner.dispatch(deploy, 'newer', inputs({ reason: 'foundation/bus went 3 → 4' }));
    expect(ended.log).toContain('Job succeeded');
    expect(commands(ended)).toEqual(['resolve', 'run', 'publish']);
    for (const { command, env, head } of ended.calls) {
      expect(head).toBe(sha);
      expect(env).toMatchObject({
        ODMD_ENVER: 'a-b/b..main',
        ODMD_DISPATCH: '0123456789ab-1',
        ODMD_SHA: sha,
        ODMD_REASON: 'foundation/bus went 3 → 4',
        ODMD_BUILD: 'a-b',
        ODMD_ACCOUNT: '222222222222',
        ODMD_CENTRAL_ACCOUNT: '111111111111',
        ODMD_CENTRAL_REGION: 'us-west-1',
        AWS_REGION: 'us-gov-east-1',
        GITHUB_REF: 'refs/heads/newer',
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'proof-of-the-job',
      });
      expect(env.NODE_AUTH_TOKEN).toBe(command === 'resolve' ? undefined : 'token-of-the-job');
      expect(env.ODMD_OUTPUT).toBe(`${env.RUNNER_TEMP}/odmd.outputs`);
    }
    expect(ended.log).not.toContain(LATER_STEP);
  });

  it('deploys the newest commit of the ref when it is started by hand', async () => {
    const head = runner.commit('by-hand');
    const ended = await runner.dispatch(deploy, 'by-hand', { enver: 'a-b/b..by-hand' });
    expect(ended.code).toBe(0);
    expect(ended.calls[0]).toMatchObject({
      head,
      env: { ODMD_SHA: head, ODMD_DISPATCH: '', ODMD_REASON: '' },
    });
  });

  it('fetches the history of a contractsLib, and of nothing else', async () => {
    const lib = await runner.dispatch(file(/-contractsLib-[^.]*\.yaml$/), 'main', inputs());
    expect(lib.calls[0]).toMatchObject({ command: 'resolve', shallow: 'false' });
    const other = await runner.dispatch(file(/-cdk-[^.]*\.yaml$/), 'main', inputs());
    expect(other.calls[0]).toMatchObject({ command: 'resolve', shallow: 'true' });
  });

  it('tears down', async () => {
    const ended = await runner.dispatch(file(/-script-.*\.teardown\.yaml$/), 'main', inputs());
    expect(ended.code).toBe(0);
    expect(commands(ended)).toEqual(['destroy']);
    expect(ended.calls[0]).toMatchObject({ head: sha, env: { ODMD_ENVER: 'a-b/b..main', ODMD_SHA: sha } });
  });
});

describe('the end of a command', () => {
  it.each([
    [{ resolve: 75 }, ['resolve']],
    [{ run: 75 }, ['resolve', 'run']],
    [{ publish: 75 }, ['resolve', 'run', 'publish']],
  ])('with 75, in %j, is no failure, and the rest is left out', async (codes, called) => {
    const ended = await runner.dispatch(deploy, 'main', inputs(), codes);
    expect(ended.log).toContain('Job succeeded');
    expect(ended.code).toBe(0);
    expect(commands(ended)).toEqual(called);
    expect(ended.log).toContain(`Success - Main ${LATER_STEP}`);
  });

  it.each([
    [{ resolve: 1 }, ['resolve']],
    [{ run: 3 }, ['resolve', 'run']],
    [{ publish: 1 }, ['resolve', 'run', 'publish']],
  ])('with another code, in %j, fails the job', async (codes, called) => {
    const ended = await runner.dispatch(deploy, 'main', inputs(), codes);
    expect(ended.code).toBe(1);
    expect(commands(ended)).toEqual(called);
    expect(ended.log).not.toContain(LATER_STEP);
  });
});

describe('the dependencies', () => {
  const lock = { name: 'x', version: '1.0.0', lockfileVersion: 3, requires: true, packages: { '': {} } };
  const manifest = {
    name: 'x',
    version: '1.0.0',
    scripts: { install: 'env > installed.txt; cat installed.txt' },
  };

  it('are installed by the lock file, their scripts without the proof of the job', async () => {
    const head = runner.commit('locked', {
      'package-lock.json': JSON.stringify(lock),
      'package.json': JSON.stringify({ ...manifest, scripts: { install: 'env' } }),
    });
    const ended = await runner.dispatch(deploy, 'locked', inputs({ sha: head }));
    expect(ended.log).toContain('Job succeeded');
    expect(ended.log).toContain('npm_lifecycle_event=install');
    expect(ended.log).not.toContain('proof-of-the-job');
    expect(ended.log).not.toContain('ACTIONS_ID_TOKEN_REQUEST');
  });
});

describe('an input or a ref that is an attack', () => {
  it.each(['$(id)', 'a";id;"', '`id`', '-x', '功能', "';id;'"])(
    '%s goes through unharmed',
    async (hostile) => {
      const head = runner.commit(hostile);
      const enver = `a-b/b..${hostile}`;
      const given = { enver, dispatch: hostile, sha: head, reason: `${hostile}\n::error::x` };
      const ended = await runner.dispatch(deploy, hostile, given);
      expect(commands(ended)).toEqual(['resolve', 'run', 'publish']);
      for (const call of ended.calls)
        expect(call).toMatchObject({
          head,
          env: {
            ODMD_ENVER: enver,
            ODMD_DISPATCH: hostile,
            ODMD_REASON: given.reason,
            GITHUB_REF: `refs/heads/${hostile}`,
          },
        });
      expect(ended.log).not.toContain('uid=');
    },
  );

  const expression = '$\u007b{github.token}}';

  it('that looks like an expression is none', async () => {
    const head = runner.commit(expression);
    const given = { enver: `a-b/b..${expression}`, dispatch: expression, sha: head, reason: expression };
    const ended = await runner.dispatch(deploy, expression, given);
    expect(commands(ended)).toEqual(['resolve', 'run', 'publish']);
    // GITHUB_REF is not looked at: `act`, unlike GitHub, evaluates the variables that it sets itself.
    for (const { env } of ended.calls)
      expect(env).toMatchObject({
        ODMD_ENVER: given.enver,
        ODMD_DISPATCH: expression,
        ODMD_REASON: expression,
      });
  });

  it('would be seen here, if the workflow were weak', async () => {
    const weak = deploy.content.replaceAll('code=0', 'echo "$\u007b{ inputs.reason }}"; code=0');
    runner.commit('weak', { [deploy.path]: weak });
    const ended = await runner.dispatch(deploy, 'weak', inputs({ reason: '$(id)' }));
    expect(ended.log).toContain('uid=');
  });

  it.each(['main', '$(id)', '";id;"', '--upload-pack=id'])(
    'as the commit, %s runs nothing of the platform',
    async (hostile) => {
      const ended = await runner.dispatch(deploy, 'main', inputs({ sha: hostile }));
      expect(ended.code).toBe(1);
      expect(ended.calls).toEqual([]);
      expect(ended.log).not.toContain('uid=');
    },
  );
});
