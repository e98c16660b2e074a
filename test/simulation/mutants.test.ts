import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readKnown } from './mutant-schedules.js';
import { MUTANTS } from './mutants.js';

const command = fileURLToPath(new URL('../../scripts/simulate.mjs', import.meta.url));

describe('broken variants of the domain', () => {
  const args = [command, '--mutants', '--quick', '--json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const { mutants = [], unchanged = { broken: stderr } } = stdout ? JSON.parse(stdout) : {};
  const known = readKnown();

  it.each(MUTANTS)('$name: caught', ({ name }) => {
    const { broken } = mutants.find((caught: { name: string }) => caught.name === name) ?? {};
    const by = known[name]
      ? `seed ${known[name].seed}, profile ${known[name].profile},`
      : 'No known schedule';
    expect(broken, `${by} does not catch it: pnpm simulate --mutants --find looks for another`).toBeTypeOf(
      'string',
    );
  });

  it('and the domain as it is passes what catches them', () => {
    expect(unchanged.broken).toBeUndefined();
    expect(unchanged.schedules).toBe(MUTANTS.length);
  });

  it('have names of their own, by which their schedules are known', () => {
    expect(Object.keys(known)).toEqual([...new Set(MUTANTS.map(({ name }) => name))]);
  });
});

it.each(MUTANTS)('$name: what it changes is there, once', ({ file, replace }) => {
  const source = readFileSync(new URL(`../../packages/${file}`, import.meta.url), 'utf8');
  for (const [from] of replace) expect(source.split(from).length - 1, from).toBe(1);
});
