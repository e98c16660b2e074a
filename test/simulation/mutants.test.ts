import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { MUTANTS } from './mutants.js';

const command = fileURLToPath(new URL('../../scripts/simulate.mjs', import.meta.url));

it('the simulator catches broken variants of the domain, and lets the domain as it is pass', () => {
  const args = [command, '--mutants', '--quick', '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  const { mutants, unchanged } = JSON.parse(stdout);
  expect(mutants.filter(({ schedules }: { schedules?: number }) => schedules === undefined)).toEqual([]);
  expect(unchanged.broken).toBeUndefined();
  expect(status).toBe(0);
}, 240_000);

it.each(MUTANTS)('$name: what it changes is there, once', ({ file, replace }) => {
  const source = readFileSync(new URL(`../../packages/${file}`, import.meta.url), 'utf8');
  for (const [from] of replace) expect(source.split(from).length - 1, from).toBe(1);
});
