import { describe, expect, it } from 'vitest';
import { folderWith } from '../testing/fixtures.js';
import { TEA_FILE } from '../testing/manifests.js';
import { odmdHere } from '../testing/odmd.js';

describe('odmd plan', () => {
  const plan = (...args: string[]) =>
    odmdHere(['plan', '--manifest', 'tea.json', ...args], { cwd: folderWith({ 'tea.json': TEA_FILE }) });

  it.each(['/odmd-share/kettle/b..main/api', 'kettle/b..main/api'])(
    'orders what a new value of %s deploys',
    async (product) => {
      const { code, out } = await plan('--product', product);
      expect(code).toBe(0);
      expect(out).toBe(`2 deployments in 2 phases.

Phase 1
  cup/b..main: kettle/b..main/api

Phase 2
  guest/b..main: cup/b..main/api

Ignored
  guest/b..main: kettle/b..main/api
  kettle/b..main: guest/b..main/api
`);
    },
  );

  it('takes sources, several at once, and gives JSON and Markdown', async () => {
    const { out } = await plan('--source', 'cup/b..main', '--source', 'kettle/b..main', '--json');
    const { phases } = JSON.parse(out);
    expect(phases.map((phase: { id: string }[]) => phase.map(({ id }) => id))).toEqual([
      ['kettle/b..main'],
      ['cup/b..main'],
      ['guest/b..main'],
    ]);
    expect((await plan('--source', 'cup/b..main', '--markdown')).out).toMatch(/^### Plan\n/);
  });

  it('refuses what the contracts do not have', async () => {
    const { code, err } = await plan('--product', 'pot/b..main/api', '--source', 'pan/b..main');
    expect(code).toBe(1);
    expect(err).toMatch(/^ODMD210 .*pan\/b\.\.main.*\/odmd-share\/pot\/b\.\.main\/api\n {2}fix: /);
  });
});
