import { describe, expect, it } from 'vitest';
import { BROKEN, BROKEN_CODES, folderWith, GOOD } from '../testing/fixtures.js';
import { TEA_FILE } from '../testing/manifests.js';
import { odmd, odmdHere } from '../testing/odmd.js';

describe('odmd validate', () => {
  it('says that good contracts are valid', async () => {
    const cwd = folderWith({ 'contracts.mjs': GOOD });
    const { code, out, err } = await odmd(['validate', '--app', 'contracts.mjs'], { cwd });
    expect(err).toBe('');
    expect(out).toBe('valid: the contracts of tea-house, 3 envers\n');
    expect(code).toBe(0);
  });

  it('reports every violation at once, warnings apart, and fails', async () => {
    const cwd = folderWith({ 'contracts.mjs': BROKEN });
    const { code, out } = await odmd(['validate', '--app', 'contracts.mjs'], { cwd });
    expect(code).toBe(1);
    const [errors = '', warnings = ''] = out.split('Warnings\n');
    expect(codesIn(errors)).toEqual(BROKEN_CODES);
    expect(codesIn(warnings)).toEqual(['ODMD190', 'ODMD192']);
    expect(out).toContain('enver kettle/b..ma-in.');
    expect(out).toContain('  fix: use one of central, work, or declare it');
    expect(out).toMatch(/\n\d+ errors, 2 warnings\n$/);
  });

  it('gives the same as JSON', async () => {
    const cwd = folderWith({ 'contracts.mjs': BROKEN });
    const { code, out } = await odmd(['validate', '--app', 'contracts.mjs', '--json'], { cwd });
    expect(code).toBe(1);
    const result = JSON.parse(out);
    expect(result).toMatchObject({ ok: false, org: 'tea house' });
    expect(codesIn(JSON.stringify(result.errors))).toEqual(BROKEN_CODES);
    expect(result.warnings).toHaveLength(2);
  });

  it('never colours what is not a terminal', async () => {
    const cwd = folderWith({ 'contracts.mjs': BROKEN });
    const { out } = await odmd(['validate', '--app', 'contracts.mjs'], { cwd, env: { FORCE_COLOR: '1' } });
    expect(out).not.toContain('\u001b[');
  });

  it('checks a manifest', async () => {
    const cwd = folderWith({ 'tea.json': TEA_FILE });
    const out = 'valid: the manifest of tea-house, 3 envers\n';
    expect(await odmdHere(['validate', '--manifest', 'tea.json'], { cwd })).toEqual({
      code: 0,
      out,
      err: '',
    });
    const { out: text } = await odmdHere(['validate', '--manifest', 'tea.json', '--json'], { cwd });
    expect(JSON.parse(text)).toEqual({ ok: true, org: 'tea-house', errors: [], warnings: [] });
  });

  it('says where a manifest contradicts itself', async () => {
    const [cup, kettle] = ['"cup/b..main":', '"saucer/b..main":'];
    const cwd = folderWith({ 'tea.json': TEA_FILE.replace(cup, kettle) });
    const { code, out, err } = await odmdHere(['validate', '--manifest', 'tea.json'], { cwd });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^ODMD203 [\s\S]*cup\/b\.\.main is filed under saucer\/b\.\.main/);
  });

  it.each([
    [['validate', '--manifest', 'none.json'], 'ODMD705'],
    [['validate', '--app', 'none'], 'ODMD701'],
    [['synth', '--app', 'none'], 'ODMD701'],
  ])('gives what keeps it from checking as JSON: %j', async (args, code) => {
    const ended = await odmdHere([...args, '--json'], { cwd: folderWith({}) });
    expect(ended).toMatchObject({ code: 1, err: '' });
    expect(JSON.parse(ended.out)).toEqual({
      ok: false,
      errors: [{ code, message: expect.any(String), where: expect.any(String), fix: expect.any(String) }],
      warnings: [],
    });
  });
});

function codesIn(text: string): string[] {
  return [...new Set(text.match(/ODMD\d{3}/g))].sort();
}
