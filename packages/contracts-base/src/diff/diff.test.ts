import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EnverEntry, Manifest } from '../manifest/index.js';
import { entry, main, manifest, manifests, product, use } from '../plan/manifest.test.fixture.js';
import { manifestOf, orgPlans, shuffles } from '../testing/random-org.js';
import { diffManifests } from './diff.js';

/** `shop` reads `menu` of `base`; `web` reads `page` of `shop`. */
function org(
  changes: { base?: Partial<EnverEntry>; shop?: Partial<EnverEntry>; web?: Partial<EnverEntry> } = {},
) {
  return manifest(
    entry('base', { products: [product('base', 'menu')], ...changes.base }),
    entry('shop', { products: [product('shop', 'page')], consumes: [use('base/menu')], ...changes.shop }),
    entry('web', { consumes: [use('shop/page')], ...changes.web }),
  );
}

describe('diffManifests', () => {
  it('of equal contracts is empty, in whatever order they are written', () => {
    fc.assert(
      fc.property(orgPlans, shuffles, (plan, shuffle) => {
        const diff = diffManifests(manifestOf(plan), manifestOf(plan, shuffle));
        expect(diff).toEqual(diffManifests(org(), org()));
        expect(diff).toMatchObject({ bump: 'none', breaking: [], privileged: [], notes: [], settings: [] });
        expect(diff.envers).toEqual({ added: [], changed: [], removed: [] });
        expect(diff.impact.phases).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('mirrors what came and went when the sides are swapped', () => {
    fc.assert(
      fc.property(manifests(['deploy', 'ignore']), manifests(['deploy', 'approve']), (one, other) => {
        const [there, back] = [diffManifests(one, other), diffManifests(other, one)];
        for (const part of ['envers', 'products', 'consumptions'] as const) {
          expect(back[part].added).toEqual(there[part].removed);
          expect(back[part].changed.length).toBe(there[part].changed.length);
        }
        expect(back.bump === 'none').toBe(there.bump === 'none');
      }),
      { numRuns: 200 },
    );
  });

  it('lists what came, changed and went, with the fields', () => {
    const before = org();
    const after = org({
      base: { timeoutMinutes: 60, products: [product('base', 'menu'), product('base', 'more')] },
      shop: { consumes: [use('base/menu', { id: 'carte' })] },
    });
    const diff = diffManifests(before, after);
    expect(diff.envers.changed).toEqual([
      { id: main('base'), fields: [{ field: 'timeoutMinutes', before: 30, after: 60 }] },
    ]);
    expect(diff.products.added).toEqual([{ path: '/odmd-share/base/b..main/more' }]);
    const path = '/odmd-share/base/b..main/menu';
    expect(diff.consumptions).toEqual({
      added: [{ enver: main('shop'), id: 'carte', path }],
      changed: [],
      removed: [{ enver: main('shop'), id: 'base-menu', path }],
    });
    expect(diff).toMatchObject({ bump: 'minor', breaking: [] });
    // Another name for the same input is no other input.
    expect(diff.impact.phases).toEqual([]);
    expect(diff.notes.map(({ message }) => message)).toEqual([
      'its next deployment publishes base/b..main/more',
      'its next deployment takes up timeoutMinutes',
    ]);
  });

  it('suggests a version', () => {
    const bump = (after: Manifest) => diffManifests(org(), after).bump;
    expect(bump(org({ base: { timeoutMinutes: 1 } }))).toBe('patch');
    expect(bump(org({ web: { consumes: [] } }))).toBe('patch');
    expect(bump(org({ web: { consumes: [use('shop/page'), use('base/menu')] } }))).toBe('minor');
    expect(
      bump(org({ base: { products: [product('base', 'menu', { type: 'string', title: 'new' })] } })),
    ).toBe('minor');
    expect(bump(org({ base: { region: 'us-east-1' } }))).toBe('major');
    expect(bump({ ...org(), accounts: { ...org().accounts, more: { id: '333333333333' } } })).toBe('minor');
  });

  it('deploys what is new, and whoever has other inputs or another source, in order', () => {
    const after = org({
      base: { workDir: 'base' },
      shop: { consumes: [use('base/menu'), use('fresh/x')] },
      web: { commands: { test: [], deploy: ['make all'], destroy: [] } },
    });
    const fresh = entry('fresh', { products: [product('fresh', 'x')] });
    const diff = diffManifests(org(), { ...after, envers: { ...after.envers, [fresh.id]: fresh } });
    expect(diff.impact.phases).toMatchObject([
      [
        { id: main('base'), because: ['its source is read from elsewhere'] },
        { id: main('fresh'), because: ['new in the contracts'] },
      ],
      [
        {
          id: main('shop'),
          because: ['now consumes fresh/b..main/x', 'base/b..main/menu', 'fresh/b..main/x'],
          waitsFor: [main('base'), main('fresh')],
        },
      ],
      [{ id: main('web'), because: ['shop/b..main/page'] }],
    ]);
  });

  it('notes what happens later or perhaps', () => {
    const after = org({
      base: { products: [product('base', 'menu'), product('base', 'more')] },
      shop: { consumes: [use('base/menu', { placeholder: 'new' })] },
      web: { consumes: [use('shop/page'), use('base/more')] },
    });
    expect(diffManifests(org(), after).notes).toEqual([
      { where: main('base'), message: 'its next deployment publishes base/b..main/more' },
      { where: main('shop'), message: 'it is deployed if base/b..main/menu has no value yet' },
      {
        where: main('web'),
        message: 'it waits for base/b..main/more, which the next deployment of base/b..main publishes',
      },
    ]);
    const { [main('web')]: gone, ...envers } = org().envers;
    expect(gone).toBeDefined();
    expect(diffManifests(org(), { ...org(), envers }).notes).toMatchObject([{ where: main('web') }]);
    const quiet = org({ web: { consumes: [use('shop/page', { onChange: 'ignore' })] } });
    expect(diffManifests(quiet, org()).notes).toEqual([
      { where: main('web'), message: 'it is deployed if it has not taken over the newest shop/b..main/page' },
    ]);
  });
});
