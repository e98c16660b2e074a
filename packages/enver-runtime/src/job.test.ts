import { join } from 'node:path';
import { deployedStatePath, type EnverEntry, productPath } from '@ondemandenv/contracts-base';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { RUNTIME_PATHS } from './protocol.js';
import { api, entry, product, use } from './testing/entries.js';
import { ended, TestJob } from './testing/job.js';

// Every step is a process of its own; a busy machine takes its time to start them.
vi.setConfig({ testTimeout: 60_000 });

let job: TestJob;
afterEach(() => job.close());

async function start(changes: Partial<EnverEntry> = {}): Promise<TestJob> {
  job = await TestJob.start(entry(changes));
  return job;
}

const busPath = productPath('foundation/b..main', 'bus');
const apiPath = productPath('shop/b..main', 'api');
const namePath = productPath('shop/b..main', 'name');

describe('a deployment', () => {
  it('takes exactly the dispatched version in and puts typed products out', async () => {
    await start({
      consumes: [use('bus', 'bus')],
      products: [product('api', api), product('name')],
      commands: {
        test: [],
        deploy: [
          'echo "api={\\"stage\\": \\"main\\", \\"url\\": \\"http://$ODMD_INPUT_BUS/\\"}" >> "$ODMD_OUTPUT"',
          'printf "name<<END\\n%s\\n%s\\nEND\\n" "$ODMD_BUILD" "$ODMD_REVISION" >> "$ODMD_OUTPUT"',
        ],
        destroy: [],
      },
    });
    job.server.store(busPath, 'bus.local');
    job.dispatch();
    job.server.store(busPath, 'newer.local');

    const resolved = await job.step('resolve');
    expect(resolved).toMatchObject({ code: 0, stderr: '' });
    expect(resolved.stdout).toContain('bus  foundation/b..main/bus  version 1');
    expect(resolved.stdout).not.toContain('bus.local');
    expect(JSON.parse(await job.read('odmd.inputs.json'))).toEqual({
      enver: 'shop/b..main',
      dispatch: 'd1',
      inputs: { bus: 'bus.local' },
      entry: job.server.entry,
    });

    expect(await job.step('run')).toMatchObject({ code: 0 });
    const published = await job.step('publish');
    expect(published).toMatchObject({ code: 0, stderr: '' });
    expect(published.stdout).toBe(
      'published shop/b..main, products: 2\n  api  version 1\n  name  version 1\n',
    );
    expect(job.server.newest(apiPath)).toEqual({ stage: 'main', url: 'http://bus.local/' });
    expect(job.server.newest(namePath)).toBe('shop\nmain');
    const vector = { source: { sha: 'a'.repeat(40), tree: 'tree' }, inputs: expect.anything() };
    expect(job.server.newest(deployedStatePath('shop/b..main'))).toEqual({ dispatchId: 'd1', vector });
    expect(job.server.events).toEqual([
      [
        { type: 'ProductsPublished', detail: { enver: 'shop/b..main', paths: [apiPath, namePath] } },
        { type: 'EnverDeployed', detail: { enver: 'shop/b..main', dispatchId: 'd1', vector } },
      ],
    ]);
  });

  it('makes no version of an unchanged value, in whatever form it is written', async () => {
    await start({ products: [product('api', api)] });
    job.dispatch();
    await job.output('api={"stage": "main", "url": "http://a/"}\n');
    await job.step('publish');
    await job.output('api<<E\r\n{"url":"http://a/",\r\n "stage":"main"}\r\nE\r\n');
    const again = await job.step('publish');
    expect(again.stdout).toContain('api  version 1 (unchanged)');
    expect(job.server.writes().filter((path) => path === apiPath)).toHaveLength(1);
    expect(job.server.events.map((call) => call.length)).toEqual([2]);
  });

  it('is finished by another publish when it was killed between two values', async () => {
    await start({ products: [product('api', api), product('name')] });
    job.dispatch();
    await job.output('api={"stage": "main", "url": "http://a/"}\nname=shop\n');
    const killed = job.spawn('publish');
    job.server.intercept = ({ method }) => {
      if (method !== 'PUT' || job.server.writes().length < 2) return undefined;
      killed.kill('SIGKILL');
      return new Promise(() => {});
    };
    expect(await ended(killed)).toMatchObject({ signal: 'SIGKILL' });
    expect([...job.server.versions.keys()]).toContain(apiPath);
    expect(job.server.events).toEqual([]);

    job.server.intercept = () => undefined;
    expect(await job.step('publish')).toMatchObject({ code: 0 });
    expect(job.server.versions.get(apiPath)).toHaveLength(1);
    expect(job.server.newest(namePath)).toBe('shop');
    expect(job.server.newest(deployedStatePath('shop/b..main'))).toMatchObject({ dispatchId: 'd1' });
    expect(job.server.events).toHaveLength(1);
  });

  it('carries hostile values through the environment unharmed', async () => {
    const hostile = `$(id) \`id\` "double" 'single' ; rm -rf "$HOME" \\ \n second line\ttab 功能 {"a":1}`;
    await start({ consumes: [use('my.value', 'bus')], products: [product('name')] });
    job.server.store(busPath, hostile);
    job.dispatch();
    await job.step('resolve');
    job.server.entry = entry({
      ...job.server.entry,
      commands: {
        test: [],
        deploy: ['printf "name<<__END__\\n%s\\n__END__\\n" "$ODMD_INPUT_MY_VALUE" >> "$ODMD_OUTPUT"'],
        destroy: [],
      },
    });
    expect(await job.step('run')).toMatchObject({ code: 0 });
    expect(await job.step('publish')).toMatchObject({ code: 0 });
    expect(job.server.newest(namePath)).toBe(hostile);
  });

  it('survives a platform that fails three times', async () => {
    await start();
    job.dispatch();
    let failures = 3;
    job.server.intercept = () =>
      failures-- > 0 ? { status: 500, body: { code: 'ODMD699', message: 'not now' } } : undefined;
    expect(await job.step('resolve')).toMatchObject({ code: 0 });
    expect(failures).toBeLessThan(0);
  });
});

describe('try later', () => {
  it.each(['resolve', 'publish', 'destroy'])(
    '%s stops with 75 when a newer dispatch exists',
    async (step) => {
      await start({ commands: { test: [], deploy: [], destroy: ['echo gone'] } });
      job.dispatch('d2');
      const result = await job.step(step);
      expect(result).toMatchObject({ code: 75, stdout: '' });
      expect(result.stderr).toContain('superseded by d2');
      expect(job.server.writes()).toEqual([]);
    },
  );

  it('waits for every product that is not there', async () => {
    await start({ consumes: [use('bus', 'bus'), use('other', 'deep/topic'), use('again', 'bus')] });
    job.dispatch();
    const result = await job.step('resolve');
    expect(result.code).toBe(75);
    expect(result.stderr).toContain('waiting for foundation/b..main/bus, foundation/b..main/deep/topic\n');
  });

  it('stops when the dispatched version has been replaced', async () => {
    await start({ consumes: [use('bus', 'bus')] });
    job.server.store(busPath, 'old');
    job.dispatch();
    job.server.versions.set(busPath, ['"made anew"']);
    const result = await job.step('resolve');
    expect(result.code).toBe(75);
    expect(result.stderr).toContain('version 1 of foundation/b..main/bus was replaced');
  });

  it('uses a placeholder only when it was dispatched or nothing was', async () => {
    await start({ consumes: [use('bus', 'bus', { placeholder: 'none yet' })] });
    job.dispatch();
    expect((await job.step('resolve')).stdout).toContain('bus  foundation/b..main/bus  placeholder');
    expect(JSON.parse(await job.read('odmd.inputs.json')).inputs).toEqual({ bus: 'none yet' });
    job.server.entry = entry({ consumes: [use('bus', 'bus', { placeholder: 'changed' })] });
    expect(await job.step('resolve')).toMatchObject({ code: 75 });
  });
});

describe('refused', () => {
  it('publishes nothing when anything is wrong, and tells everything but values', async () => {
    await start({ products: [product('api', api), product('name'), product('deep/topic')] });
    job.dispatch();
    await job.output(
      'api={"url": 4711, "stage": "secret-stage"}\nname={{secret-name}}\nextra=secret-extra\n',
    );
    const result = await job.step('publish');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('ODMD535 shop/b..main: nothing was published:\n');
    expect(result.stderr).toContain(
      '  ODMD533 product api: is not of its type: /url: must be string; it is {url: number, stage: text}\n',
    );
    expect(result.stderr).toContain('  ODMD534 product name: contains {{');
    expect(result.stderr).toContain('  ODMD532 product deep/topic: is declared and was not put out\n');
    expect(result.stderr).toContain('  ODMD531 output extra, line 3 of $ODMD_OUTPUT:');
    expect(result.stderr).not.toMatch(/secret|4711|\n\s+at /);
    expect(job.server.writes()).toEqual([]);
    expect(job.server.events).toEqual([]);
  });

  it('does not take inputs that are not of their type', async () => {
    await start({ consumes: [use('bus', 'bus', { schema: api })] });
    job.server.store(busPath, { url: 'no address', stage: 'x', 'secret-key': 1 });
    job.dispatch();
    const result = await job.step('resolve');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('must match format "uri"');
    expect(result.stderr).not.toMatch(/no address|secret/);
  });

  it('says what the platform refused, and does not try again', async () => {
    await start({ products: [product('name')] });
    job.dispatch();
    await job.output('name=x\n');
    job.server.intercept = ({ method, path }) =>
      method === 'PUT' && path === RUNTIME_PATHS.write
        ? { status: 403, body: { code: 'ODMD612', message: 'not yours' } }
        : undefined;
    const result = await job.step('publish');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`ODMD612 PUT /runtime/config: the platform refused to write ${namePath}`);
    expect(job.server.writes()).toEqual([namePath]);
  });

  it('does not work with the token of another enver', async () => {
    await start();
    job.variables.ODMD_ENVER = 'other/b..main';
    expect((await job.step('whoami')).stderr).toContain("the job's token belongs to shop/b..main");
  });
});

describe('run', () => {
  it('needs the inputs of this dispatch', async () => {
    await start();
    job.dispatch();
    expect((await job.step('run')).stderr).toContain('run `odmd-enver resolve` first');
    await job.step('resolve');
    job.variables.ODMD_DISPATCH = 'd2';
    const result = await job.step('run');
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain('the inputs are those of shop/b..main, dispatch d1');
  });

  it.each([
    ['pass', 'true', 0, 'deployed\n'],
    ['fail', 'exit 4', 4, ''],
  ])('deploys only when the tests that the contract names %s', async (_how, test, code, stdout) => {
    await start({ commands: { test: [test], deploy: ['echo deployed'], destroy: [] } });
    job.dispatch();
    await job.step('resolve');
    expect(await job.step('run')).toMatchObject({ code, stdout });
  });

  it('stops at the first command that fails and ends with its code', async () => {
    await start({
      commands: { test: [], deploy: ['echo one', 'false; echo two', 'echo three'], destroy: [] },
    });
    job.dispatch();
    await job.step('resolve');
    const result = await job.step('run');
    expect(result).toMatchObject({ code: 1, stdout: 'one\n' });
    expect(result.stderr).toContain('ODMD520 false; echo two: the command ended with exit code 1\n');
  });

  it.each([
    [3, 3],
    [75, 1],
  ])('ends a command that ends with %i with %i', async (code, expected) => {
    await start();
    job.dispatch();
    await job.step('resolve');
    expect(await job.step('run', '--', 'sh', '-c', `exit ${code}`)).toMatchObject({ code: expected });
  });

  it('gives a command its options and the inputs', async () => {
    await start({ consumes: [use('bus', 'bus', { schema: api })] });
    job.server.store(busPath, { url: 'http://a/', stage: 'x' });
    job.dispatch();
    await job.step('resolve');
    const script = 'console.log(process.argv[1], process.env.ODMD_INPUT_BUS, process.env.ODMD_INPUTS)';
    const result = await job.step('run', '--', 'node', '-e', script, '--', '--json');
    expect(result.stdout).toBe(
      `--json {"stage":"x","url":"http://a/"} ${join(job.folder, 'odmd.inputs.json')}\n`,
    );
  });

  it('ends a command that takes longer than the contract lets the job, and runs no further one', async () => {
    const deploy = ['echo slow; exec sleep 60', 'touch never'];
    await start({ timeoutMinutes: 0.02, commands: { test: [], deploy, destroy: [] } });
    job.dispatch();
    await job.step('resolve');
    const result = await job.step('run');
    expect(result).toMatchObject({ code: 1, stdout: 'slow\n' });
    expect(result.stderr).toMatch(/ODMD523 .*: the command was ended: .*\n {2}fix: .*`timeoutMinutes`/);
    await expect(job.read('never')).rejects.toThrow('ENOENT');
  });

  it('passes SIGTERM on and ends with the code of the command', async () => {
    await start({
      commands: {
        test: [],
        deploy: ['sleep 60 > /dev/null 2>&1 & trap "kill $!; exit 7" TERM; echo up; wait', 'echo no'],
        destroy: [],
      },
    });
    job.dispatch();
    await job.step('resolve');
    const child = job.spawn('run');
    child.stdout?.once('data', () => child.kill('SIGTERM'));
    const result = await ended(child);
    expect(result).toMatchObject({ code: 7 });
  });
});

describe('destroy', () => {
  it('runs with the inputs that still exist', async () => {
    await start({
      consumes: [use('bus', 'bus'), use('gone', 'gone')],
      commands: {
        test: [],
        deploy: [],
        destroy: ['printenv ODMD_INPUT_BUS', 'printenv ODMD_INPUT_GONE || echo absent'],
      },
    });
    job.server.store(busPath, 'bus.local');
    job.server.store(productPath('foundation/b..main', 'gone'), 'x');
    job.dispatch();
    job.server.versions.delete(productPath('foundation/b..main', 'gone'));
    expect(await job.step('destroy')).toMatchObject({ code: 0, stdout: 'bus.local\nabsent\n' });
  });
});

describe('the command line', () => {
  it('tells who the job is', async () => {
    await start();
    expect((await job.step('whoami')).stdout).toContain('account   workspace1 (222222222222)\n');
    expect(JSON.parse((await job.step('whoami', '--json')).stdout)).toEqual({
      enver: 'shop/b..main',
      build: 'shop',
      revision: { kind: 'branch', ref: 'main' },
      account: { name: 'workspace1', id: '222222222222' },
      region: 'us-west-1',
    });
  });

  it('reports every problem of the environment together', async () => {
    await start();
    delete job.variables.ODMD_DISPATCH;
    job.variables.ODMD_PLATFORM_URL = 'localhost';
    job.variables.ODMD_JOB_TOKEN = 'two words';
    const result = await job.step('whoami');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('ODMD501 ODMD_DISPATCH: is not set; it is the id of the dispatch');
    expect(result.stderr).toContain('ODMD501 ODMD_PLATFORM_URL: is not an http or https address');
    expect(result.stderr).toContain('ODMD501 ODMD_JOB_TOKEN: has white space');
    expect(result.stderr).not.toContain('two words');
  });

  it('ends wrong usage with 2 and help with 0', async () => {
    await start();
    expect(await job.step('resolv')).toMatchObject({ code: 2 });
    expect(await job.step('--help')).toMatchObject({ code: 0, stderr: '' });
  });
});
