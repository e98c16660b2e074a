import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAIN, odmd } from '../../testing/odmd.js';

const folder = mkdtempSync(join(tmpdir(), 'odmd-cli-local-'));
const home = join(folder, 'home');
const env = { ODMD_HOME: home };
const START = ['local', 'start', '--contracts-repo', 'tea/contracts', '--toolchain', folder];

/** The first line that it prints. */
async function ready(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('its output is not piped');
  const [line] = await once(createInterface(child.stdout), 'line');
  return line;
}

function startPlatform(): ChildProcess {
  return spawn(process.execPath, [MAIN, ...START], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

describe('odmd with a platform on this machine', () => {
  let platform: ChildProcess;

  beforeAll(async () => {
    const bin = join(folder, 'node_modules/.bin');
    mkdirSync(bin, { recursive: true });
    for (const command of ['odmd', 'odmd-enver']) writeFileSync(join(bin, command), '');
    platform = startPlatform();
    const line = await ready(platform);
    expect(line).toMatch(
      /^platform ready at http:\/\/127\.0\.0\.1:\d+; push contracts to .*tea\/contracts\.git$/,
    );
  });

  afterAll(async () => {
    if (platform.exitCode === null) {
      platform.kill('SIGKILL');
      await once(platform, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps the way to it from others', () => {
    expect(statSync(join(home, 'platform.json')).mode & 0o777).toBe(0o600);
  });

  it('waits for it and shows what it has', async () => {
    const { code, out } = await odmd(['status', '--wait'], { env });
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^no org: no contracts yet\n/) });
    const report = JSON.parse((await odmd(['status', '--json', '--home', home])).out);
    expect(report).toMatchObject({ busy: false, contracts: null, repos: [{ name: 'tea/contracts' }] });
  });

  it('says where to push to, and what there is when that is not known', async () => {
    expect((await odmd(['local', 'remote', 'tea/contracts'], { env })).out).toMatch(
      /\/tea\/contracts\.git\n$/,
    );
    const { code, err } = await odmd(['local', 'remote', 'tea/pot'], { env });
    expect(code).toBe(1);
    expect(err).toContain(
      'ODMD710 tea/pot: the platform has no such repository\n  fix: use one of tea/contracts,',
    );
  });

  it('prints what happened', async () => {
    expect(JSON.parse((await odmd(['local', 'events', '--json'], { env })).out)).toEqual([]);
    expect((await odmd(['local', 'events'], { env })).out).toMatch(/^# +UTC +EVENT +ENVER +REASON\n$/);
  });

  it.each(['status', 'deploy', 'local log'])(
    'refuses an enver that it does not have: odmd %s',
    async (command) => {
      const { code, err } = await odmd([...command.split(' '), 'pot/b..main'], { env });
      expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^ODMD\d{3} .*pot\/b\.\.main/) });
    },
  );

  it('refuses to start twice in one folder', async () => {
    const { code, err } = await odmd(START, { env });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^ODMD603 /) });
  });

  it('stops on request, and starts again in the same folder', async () => {
    const ended = once(platform, 'exit');
    expect(await odmd(['local', 'stop'], { env })).toEqual({ code: 0, out: 'stopped\n', err: '' });
    expect(await ended).toEqual([0, null]);
    expect((await odmd(['status'], { env })).err).toMatch(/^ODMD660 /);
    platform = startPlatform();
    await ready(platform);
    const endedAgain = once(platform, 'exit');
    platform.kill('SIGINT');
    expect(await endedAgain).toEqual([0, null]);
  });
});
