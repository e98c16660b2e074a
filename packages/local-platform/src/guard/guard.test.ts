import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type GuardedProcess, processAlive, spawnGuarded } from './index.js';

let cwd: string;
const started: GuardedProcess[] = [];
const parents: ChildProcess[] = [];

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'odmd guard '));
});
afterAll(async () => {
  await Promise.all(started.map((process) => process.stop(0)));
  for (const parent of parents) parent.kill('SIGKILL');
  rmSync(cwd, { recursive: true });
});

const env = { PATH: '/usr/bin:/bin' };
const gone = (pid: number) => vi.waitFor(() => expect(processAlive(pid)).toBe(false), 10_000);

function run(command: string, ...args: string[]): GuardedProcess & { lines: AsyncIterator<string> } {
  const process = spawnGuarded({ command, args, cwd, env, stdout: 'pipe' });
  started.push(process);
  const input = process.stdout ?? expect.fail('no output');
  return { ...process, lines: createInterface({ input })[Symbol.asyncIterator]() };
}

describe('a guarded process', () => {
  test('passes arguments as they are, its exit code on, and nothing else of the environment', async () => {
    const hostile = `'; echo "$(id)" \\ 功能`;
    const { exit, stdout } = spawnGuarded({
      command: 'sh',
      args: ['-c', 'printf "%s|%s|%s" "$1" "$HOME" "$VALUE"; exit 7', 'sh', hostile],
      cwd,
      env: { ...env, VALUE: 'x' },
      stdout: 'pipe',
    });
    expect(await text(stdout ?? expect.fail('no output'))).toBe(`${hostile}||x`);
    expect(await exit).toEqual({ code: 7, signal: null });
  });

  test('ends with 127 when there is no such command, and cannot start in a folder that is not there', async () => {
    const missing = spawnGuarded({ command: 'no-such-command', args: [], cwd, env, stdout: 'pipe' });
    expect(await text(missing.stderr ?? expect.fail('no errors'))).toContain('no-such-command');
    expect(await missing.exit).toEqual({ code: 127, signal: null });
    const nowhere = { command: 'true', args: [], cwd: join(cwd, 'missing'), env, stdout: 'ignore' } as const;
    expect(() => spawnGuarded(nowhere)).toThrow(expect.objectContaining({ code: 'ODMD610' }));
  });

  test('takes its background processes with it', async () => {
    const { exit, lines } = run('sh', '-c', 'sleep 600 & echo $!');
    const background = Number((await lines.next()).value);
    expect(await exit).toEqual({ code: 0, signal: null });
    await gone(background);
  });

  test('has the grace to end by itself, and its group with it', async () => {
    const { exit, lines, stop } = run(
      'sh',
      '-c',
      `sh -c 'trap "echo child; exit" TERM; echo ready; while :; do sleep 0.02; done' & wait`,
    );
    await lines.next();
    await stop(5_000);
    expect(await lines.next()).toEqual({ done: false, value: 'child' });
    expect(await exit).toEqual({ code: null, signal: 'SIGTERM' });
  });

  test('is killed when it does not end in time', async () => {
    const { exit, lines, stop } = run('sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 0.02; done');
    await lines.next();
    await stop(50);
    expect(await exit).toEqual({ code: null, signal: 'SIGKILL' });
    await stop(50); // Again: nothing left to do.
  });

  test('ends when its guard is killed, and the next one is guarded again', async () => {
    const { exit } = run('sleep', '600');
    const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
    const [guard] = processes.flatMap((line) => {
      const [pid, parent, ...args] = line.trim().split(/\s+/);
      return Number(parent) === process.pid && args.join(' ').includes('guard-main') ? [Number(pid)] : [];
    });
    process.kill(guard ?? expect.fail('no guard'), 'SIGKILL');
    expect(await exit).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await run('true').exit).toEqual({ code: 0, signal: null });
  });

  test.each(['SIGKILL', 'SIGTERM'] as const)('ends when its parent ends by %s', async (signal) => {
    const library = new URL('../../dist/guard/index.js', import.meta.url).href;
    const script = `
      import { spawnGuarded } from ${JSON.stringify(library)};
      const args = ['-c', 'trap "" INT; sleep 600 & echo $$ $!; wait'];
      spawnGuarded({ command: 'sh', args, cwd: '/', env: process.env, stdout: 1 });`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    parents.push(parent);
    const [line] = await once(createInterface({ input: parent.stdout }), 'line');
    const pids = String(line).split(' ').map(Number);
    expect(pids.map(processAlive)).toEqual([true, true]);
    parent.kill(signal);
    await Promise.all(pids.map(gone));
  });
});
