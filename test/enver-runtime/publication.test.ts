import { canonicalJson, deployedStatePath, productPath } from '@ondemandenv/contracts-base';
import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { produced } from './entries.js';
import { jobOf } from './job-of.js';
import { World } from './world.js';

vi.setConfig({ testTimeout: 60_000 });

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());

describe('a publication', () => {
  const names = ['a', 'b'];
  const entry = enverEntry({ build: 'killed', products: produced('killed', ...names) });
  const other = enverEntry({ build: 'faults', products: produced('faults', ...names) });
  beforeAll(() => world.add(entry, other));

  it('is finished by another one, wherever it is killed', async () => {
    const job = await jobOf(world, entry);
    for (let killAt = 1, whole = false; !whole; killAt++) {
      const dispatch = `k${killAt}`;
      await world.dispatch(entry, dispatch);
      job.variables.ODMD_DISPATCH = dispatch;
      job.write('outputs', names.map((name) => `${name}=${dispatch}\n`).join(''));
      const child = job.spawn('publish');
      let calls = 0;
      job.wire.intercept = () => {
        if (++calls !== killAt) return undefined;
        child.kill('SIGKILL');
        return new Promise(() => {});
      };
      await new Promise((resolve) => child.once('exit', resolve));
      whole = child.signalCode === null;
      job.wire.intercept = () => undefined;
      expect((await job.step('publish')).code).toBe(0);
      for (const name of names)
        expect(await world.stored(productPath(entry.id, name))).toEqual({
          version: killAt,
          value: canonicalJson(dispatch),
        });
      const deployed = await world.stored(deployedStatePath(entry.id));
      expect(deployed?.value).toContain(`"dispatchId":"${dispatch}"`);
      // Two to assume roles, one for the entry, one to read, three to write, and one for the events.
      if (whole) expect(killAt).toBe(9);
    }
  });

  it.each([
    ['does not answer', { status: 500, type: 'InternalServerError' }],
    ['asks for patience', { status: 400, type: 'ThrottlingException' }],
  ])('goes on when the store three times %s', async (how, fault) => {
    const job = await jobOf(world, other);
    await world.dispatch(other);
    job.write('outputs', names.map((name) => `${name}=${how}\n`).join(''));
    let left = 3;
    job.wire.intercept = ({ name }) => (name === 'PutParameter' && left-- > 0 ? fault : undefined);
    expect(await job.step('publish')).toMatchObject({ code: 0, stderr: '' });
    expect(await world.stored(productPath(other.id, 'a'))).toMatchObject({ value: canonicalJson(how) });
  });

  it.each([
    ['PutParameter', { status: 400, type: 'ExpiredTokenException' }, 'ODMD551'],
    ['PutParameter', { status: 400, type: 'AccessDeniedException', message: 'no' }, 'ODMD552'],
    ['GET S3', { status: 403, type: 'AccessDenied' }, 'ODMD552'],
    ['PutEvents', { status: 400, type: 'AccessDeniedException' }, 'ODMD552'],
    ['PutParameter', { status: 400, type: 'ValidationException', message: 'Value secret-1' }, 'ODMD554'],
  ])('says what is wrong when %s is answered with %o, and loses nothing', async (failing, fault, code) => {
    const job = await jobOf(world, other);
    const dispatch = `${code}-${failing}-${fault.type}`;
    await world.dispatch(other, dispatch);
    job.variables.ODMD_DISPATCH = dispatch;
    job.write('outputs', names.map((name) => `${name}=secret-${dispatch}\n`).join(''));
    job.wire.intercept = ({ name }) => (name === failing ? fault : undefined);
    const result = await job.step('publish');
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(new RegExp(`^${code} .*\n  fix: `));
    expect(result.stderr).not.toMatch(/secret|\n\s+at /);
    job.wire.intercept = () => undefined;
    job.wire.counts();
    expect((await job.step('publish')).code).toBe(0);
    expect(job.wire.counts()).toMatchObject({ PutEvents: 1 });
  });

  it('takes a value between 4 and 8 KB, and the store chooses the tier for it', async () => {
    const job = await jobOf(world, other);
    await world.dispatch(other);
    job.write('outputs', `a=${'x'.repeat(8000)}\nb=small\n`);
    expect(await job.step('publish')).toMatchObject({ code: 0, stderr: '' });
    const writes = job.wire.calls
      .filter(({ name }) => name === 'PutParameter')
      .map(({ body }) => JSON.parse(body));
    expect(writes[0]).toMatchObject({ Name: productPath(other.id, 'a'), Tier: 'Intelligent-Tiering' });
    expect((await world.stored(productPath(other.id, 'a')))?.value).toHaveLength(8002);
  });

  it('writes nothing while a value is wrong', async () => {
    const job = await jobOf(world, other);
    await world.dispatch(other);
    job.write('outputs', `a={{x}}\nb=${'x'.repeat(9000)}\n`);
    const result = await job.step('publish');
    expect(result.code).toBe(1);
    expect(result.stderr.match(/ODMD534/g)).toHaveLength(2);
    expect(result.stderr).toContain('publish it as an artifact');
    expect(job.wire.counts()).toEqual({ 'GET S3': 1, GetParameters: 1 });
  });
});
