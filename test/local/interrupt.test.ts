import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Bench, contractsPackage } from './bench.js';
import { root } from './toolchain.js';

/*
 * Ctrl-C ends a platform, or the demo, with everything that it started, whatever was going on.
 */

/** The command lines that have a text in them. */
function processesWith(text: string): string[] {
  const all = execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => line.includes(text));
}

const untilNoneHas = (text: string) => vi.waitFor(() => expect(processesWith(text)).toEqual([]), 30_000);

it('a platform with a running job and a service leaves neither', async () => {
  const bench = new Bench('22060-22069');
  onTestFinished(() => bench.dispose());
  await bench.start();
  // The folder on their command lines makes the processes known.
  const started = join(bench.folder, 'started');
  await bench.push(
    'o/contracts',
    contractsPackage(`script('app', { deploy: ['node deploy.mjs ${bench.folder}'] });`),
    'contracts',
  );
  const serve = 'require("http").createServer((q, r) => r.end()).listen(process.env.PORT, "127.0.0.1")';
  const deploy = `import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const serve = ['node', '-e', ${JSON.stringify(serve)}, ${JSON.stringify(bench.folder)}];
execFileSync('odmd', ['local', 'service', 'start', 'web', '--', ...serve], { stdio: 'inherit' });
writeFileSync(${JSON.stringify(started)}, '');
setInterval(() => {}, 1000);`;
  const push = bench.push('o/app', { 'app/deploy.mjs': deploy }, 'hang');
  await vi.waitFor(() => expect(existsSync(started)).toBe(true), 30_000);
  const running = processesWith(bench.folder);
  for (const part of ['local start', 'deploy.mjs', serve]) expect(running.join('\n')).toContain(part);

  await bench.kill('SIGINT');
  expect(bench.complaints).toBe('');
  await push;
  await untilNoneHas(bench.folder);
  expect(existsSync(join(bench.home, 'platform.json'))).toBe(false);
}, 60_000);

it('the demo leaves no process and no folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'odmd-interrupt-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const demo = spawn(process.execPath, [join(root, 'examples/coffee-shop/demo/dist/main.js')], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Not SIGKILL: the demo has to take its platform with it, also when this test fails.
  onTestFinished(() => void demo.kill('SIGTERM'));
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    demo.once('close', () => reject(new Error(`the demo ended early:\n${lines.join('\n')}`)));
    createInterface(demo.stdout).on('line', (line) => {
      lines.push(line);
      if (line.includes('$ git push')) resolve();
    });
  });
  // The push is announced before it begins.
  await vi.waitFor(() => expect(processesWith(folder)).not.toEqual([]), 30_000);
  const ended = once(demo, 'close');
  demo.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
  expect(lines.at(-1)).toBe('stopped: nothing is left running');
  await untilNoneHas(folder);
  expect(readdirSync(folder)).toEqual([]);
}, 60_000);
