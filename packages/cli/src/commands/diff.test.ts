import { productPath, writeManifest } from '@ondemandenv/contracts-base';
import { describe, expect, it } from 'vitest';
import { folderWith, GOOD } from '../testing/fixtures.js';
import { manifest, TEA, TEA_FILE } from '../testing/manifests.js';
import { odmdHere } from '../testing/odmd.js';

const API = productPath('kettle/b..main', 'api');
/** The kettle no longer publishes `api`, and nobody consumes it any more: only its `bus/source` is left. */
const LESS = writeManifest({
  ...TEA,
  envers: Object.fromEntries(
    Object.entries(TEA.envers).map(([id, { products, consumes, ...entry }]) => {
      const left = <T extends { path: string }>(list: T[]) => list.filter(({ path }) => path !== API);
      return [id, { ...entry, products: left(products), consumes: left(consumes) }];
    }),
  ),
});
const FILES = { 'old.json': TEA_FILE, 'new.json': LESS, 'same.json': TEA_FILE };

describe('odmd diff', () => {
  it('names what breaks and for whom', async () => {
    const cwd = folderWith(FILES);
    const { code, out } = await odmdHere(['diff', 'old.json', 'new.json'], { cwd });
    expect(code).toBe(0);
    expect(out).toContain('kettle/b..main/api: it is removed while consumed');
    expect(out).toContain('hits cup/b..main, guest/b..main');
  });

  it('gives the same as JSON and as Markdown', async () => {
    const cwd = folderWith(FILES);
    const { out } = await odmdHere(['diff', 'old.json', '--manifest', 'new.json', '--json'], { cwd });
    expect(JSON.parse(out)).toMatchObject({
      bump: 'major',
      breaking: [{ kind: 'product-removed', victims: ['cup/b..main', 'guest/b..main'] }],
    });
    const markdown = (await odmdHere(['diff', 'old.json', 'new.json', '--markdown'], { cwd })).out;
    expect(markdown).toContain('- `kettle/b..main/api`: it is removed while consumed');
  });

  it.each([
    ['new.json', [], 0],
    ['new.json', ['breaking'], 1],
    ['new.json', ['privileged'], 0],
    ['new.json', ['privileged', 'breaking'], 1],
    ['new.json', ['any'], 1],
    ['new.json', ['never'], 0],
    ['same.json', ['any'], 0],
  ])('of %s with --fail-on %j ends with %d', async (after, failOn, code) => {
    const cwd = folderWith(FILES);
    const options = failOn.flatMap((what) => ['--fail-on', what]);
    expect((await odmdHere(['diff', 'old.json', after, ...options], { cwd })).code).toBe(code);
  });

  it('compares with the contracts of --app', async () => {
    const cwd = folderWith({ 'contracts.mjs': GOOD, 'empty.json': writeManifest(manifest()) });
    await odmdHere(['synth', '--app', 'contracts.mjs'], { cwd });
    const same = await odmdHere(['diff', '.odmd/manifest.json', '--app', 'contracts.mjs'], { cwd });
    expect(same).toEqual({ code: 0, out: 'The contracts are the same.\n', err: '' });
    const { out } = await odmdHere(['diff', 'empty.json', '--app', 'contracts.mjs'], { cwd });
    expect(out).toContain('cup/b..main: new in the contracts');
  });

  it('takes one source of what is new only', async () => {
    const cwd = folderWith(FILES);
    const { code, err } = await odmdHere(['diff', 'old.json', 'new.json', '--app', '.'], { cwd });
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('either a second manifest or --app'),
    });
  });
});
