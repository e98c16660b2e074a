import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const command = fileURLToPath(new URL('../../scripts/simulate.mjs', import.meta.url));

function simulate(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('pnpm simulate', { timeout: 60_000 }, () => {
  it('prints schedules, jobs and faults', () => {
    const { status, stdout } = simulate('--seeds', '2', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schedules: 18, faults: { crash: expect.any(Number) } });
  });

  it('plays one seed again, with its trace', () => {
    const { status, stdout } = simulate('--seed', '42', '--profile', 'everything', '--trace');
    expect(status).toBe(0);
    expect(stdout).toContain('seed 42, everything\ncontracts ');
    expect(stdout).toContain('1 schedules, ');
  });

  it('answers what it does not understand with how to use it', () => {
    for (const args of [['--seeds', '0'], ['--profile', 'sunshine'], ['--sedes', '1'], ['more']])
      expect(simulate(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining('Usage: ') });
    expect(simulate('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('Examples:') });
  });
});
