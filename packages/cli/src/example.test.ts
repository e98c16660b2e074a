import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EnverEntry, type Manifest, readManifest, writeManifest } from '@ondemandenv/contracts-base';
import { describe, expect, it } from 'vitest';
import { BROKEN_EXAMPLE, EXAMPLE, EXAMPLE_BREACHES } from './testing/example.js';
import { folderWith } from './testing/fixtures.js';
import { odmd } from './testing/odmd.js';

/* The commands at work on an org of a real one's shape. */

describe('odmd validate', () => {
  it('finds nothing in the example', async () => {
    const { code, out } = await odmd(['validate', '--app', EXAMPLE]);
    expect({ code, out }).toEqual({ code: 0, out: 'valid: the contracts of coffee-shop, 12 envers\n' });
  });

  it('lists ten violations, each with its code, when ten things are broken', async () => {
    const cwd = folderWith({ 'broken.mjs': BROKEN_EXAMPLE });
    const { code, out, err } = await odmd(['validate', '--app', 'broken.mjs'], { cwd });
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const [errors = ''] = out.split('Warnings\n');
    const found = [...errors.matchAll(/^(ODMD\d{3}) (.*?): /gm)].map(([, ...breach]) => breach);
    expect(found).toEqual(EXAMPLE_BREACHES);
    expect(errors.match(/^ {2}fix: /gm)).toHaveLength(EXAMPLE_BREACHES.length);
    expect(out).toMatch(/^10 errors, \d+ warnings?$/m);
  });
});

describe('odmd synth', () => {
  it('writes the example as the same bytes, wherever and whenever it runs', async () => {
    const cwd = folderWith({});
    for (const [out, env] of [
      ['one', { TZ: 'Asia/Tokyo', LC_ALL: 'C' }],
      ['two', { TZ: 'America/Caracas', LC_ALL: 'tr_TR.UTF-8' }],
    ] as const)
      expect(await odmd(['synth', '--app', EXAMPLE, '--out', out], { cwd, env })).toMatchObject({ code: 0 });
    expect(readFileSync(join(cwd, 'two/manifest.json'), 'utf8')).toBe(
      readFileSync(join(cwd, 'one/manifest.json'), 'utf8'),
    );
  });
});

describe('odmd diff', () => {
  it('names what a new version of the example breaks, and for whom', async () => {
    const cwd = folderWith({});
    await odmd(['synth', '--app', EXAMPLE, '--out', '.'], { cwd });
    const old = readManifest(readFileSync(join(cwd, 'manifest.json'), 'utf8'));
    writeFileSync(join(cwd, 'new.json'), writeManifest(nextVersion(old)));

    const args = ['diff', 'manifest.json', 'new.json', '--fail-on', 'breaking'];
    const { code, out } = await odmd([...args, '--json'], { cwd });
    expect(code).toBe(1);
    const { breaking, bump } = JSON.parse(out);
    expect(bump).toBe('major');
    expect(breaking).toEqual([
      {
        kind: 'enver-moved',
        where: 'edge/b..main',
        message: expect.stringMatching(/from workspace1 \(4+\) us-east-1 to workspace1 \(4+\) us-west-1/),
        victims: ['edge/b..main', 'web-client/b..main'],
      },
      {
        kind: 'product-narrowed',
        where: 'foundation/b..main/bus/source',
        message: expect.stringContaining('a value published before may be refused'),
        victims: ['order-manager/b..main', 'order-processor/b..main'],
      },
      {
        kind: 'repo-changed',
        where: 'web-client',
        message: expect.stringContaining('from coffee-shop/web-client to coffee-shop/shop'),
        victims: ['web-client/b..main'],
      },
    ]);
    const text = (await odmd(args, { cwd })).out;
    expect(text).toContain('foundation/b..main/bus/source: a value published before may be refused');
    expect(text).toContain('hits order-manager/b..main, order-processor/b..main');
  });
});

describe('odmd graph', () => {
  it('draws the example as its README shows it', async () => {
    const readme = readFileSync(join(EXAMPLE, '../README.md'), 'utf8');
    const [, shown] = /```mermaid\n(.*?)```/s.exec(readme) ?? [];
    expect(shown).toBe((await odmd(['graph', '--app', EXAMPLE])).out);
  });
});

/** A product is narrowed while it is consumed, an enver goes to another region, and a build to another repository. */
function nextVersion(manifest: Manifest): Manifest {
  const source = '/odmd-share/foundation/b..main/bus/source';
  const narrowed = <T extends { path: string; schema: object }>(things: readonly T[]) =>
    things.map((thing) =>
      thing.path === source ? { ...thing, schema: { ...thing.schema, maxLength: 16 } } : thing,
    );
  const changed = (entry: EnverEntry): EnverEntry => ({
    ...entry,
    products: narrowed(entry.products),
    consumes: narrowed(entry.consumes),
    ...(entry.build === 'edge' && { region: 'us-west-1' }),
    ...(entry.build === 'web-client' && {
      repo: { owner: 'coffee-shop', name: 'shop' },
      workDir: 'web-client',
    }),
  });
  const envers = Object.entries(manifest.envers).map(([id, entry]) => [id, changed(entry)]);
  return { ...manifest, envers: Object.fromEntries(envers) };
}
