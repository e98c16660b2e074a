import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BROKEN, BROKEN_CODES, folderWith, GOOD } from '../testing/fixtures.js';
import { TEA_FILE } from '../testing/manifests.js';
import { odmdHere } from '../testing/odmd.js';

describe('odmd graph', () => {
  it('draws contracts and manifests alike', async () => {
    const cwd = folderWith({ 'contracts.mjs': GOOD });
    await odmdHere(['synth', '--app', 'contracts.mjs'], { cwd });
    const drawn = await odmdHere(['graph', '--app', 'contracts.mjs'], { cwd });
    expect(drawn).toMatchObject({ code: 0, err: '', out: expect.stringContaining('-- "water" -->') });
    expect(await odmdHere(['graph', '--manifest', '.odmd/manifest.json'], { cwd })).toEqual(drawn);
  });

  it.each([
    ['picture.html', /^<!doctype html>/, 'html'],
    ['deep/picture.dot', /^digraph "tea-house" \{/, 'dot'],
    ['picture.json', /^\{\n {2}"org": "tea-house",/, 'json'],
    ['picture', /^flowchart LR/, 'mermaid'],
  ])('takes the format from the ending of %s', async (name, text, format) => {
    const cwd = folderWith({ 'tea.json': TEA_FILE });
    const { code, out } = await odmdHere(['graph', '--manifest', 'tea.json', '--out', name], { cwd });
    expect({ code, out }).toEqual({ code: 0, out: `${name}: tea-house, 3 envers, ${format}\n` });
    expect(readFileSync(join(cwd, name), 'utf8')).toMatch(text);
  });

  it('draws nothing of broken contracts, and says why', async () => {
    const cwd = folderWith({ 'contracts.mjs': BROKEN });
    const { code, out, err } = await odmdHere(['graph', '--app', 'contracts.mjs'], { cwd });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    for (const broken of BROKEN_CODES) expect(err).toContain(broken);
  });

  it('says where it cannot write', async () => {
    const cwd = folderWith({ 'tea.json': TEA_FILE });
    const { code, err } = await odmdHere(['graph', '--manifest', 'tea.json', '--out', 'tea.json/x.html'], {
      cwd,
    });
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/^ODMD706 .*x\.html: .*\n {2}fix: /),
    });
  });
});
