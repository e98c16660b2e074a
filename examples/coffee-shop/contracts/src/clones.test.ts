import { clone, type EnverEntry, Revision } from '@ondemandenv/contracts-base';
import { describe, expect, it } from 'vitest';
import { contracts } from './index.js';
import { manifestOf } from './testing/manifest.js';

const manifest = manifestOf(contracts);
const envers = Object.values(manifest.envers);
const shop = envers.filter(({ repo }) => repo.name === 'shop');

/** What a push of feature/x to the shop's repository gets. */
const copies = clone(manifest, {
  builds: shop.map(({ build }) => build),
  base: Revision.branch('main'),
  revision: Revision.branch('feature/x'),
});

function names({ id, products, stacks, images }: EnverEntry): string[] {
  return [id, ...products.map(({ path }) => path), ...stacks, ...images.map(({ repository }) => repository)];
}

describe('a feature branch of the shop', () => {
  it('is a copy of every build that is developed there', () => {
    expect(copies.map(({ build }) => build)).toEqual([
      'end-to-end',
      'order-images',
      'order-manager',
      'order-processor',
    ]);
    for (const { clones } of shop) expect(clones).toMatchObject({ auto: ['feature/*'], expires: '72h' });
  });

  it('is wired to itself, and to what others run on main', () => {
    const wires = copies.map(({ build, consumes }) => {
      const from = new Set(consumes.map((use) => use.from.replace(/-_b\.\.feature.*/, ' (own)')));
      return [build, [...from].sort()];
    });
    expect(Object.fromEntries(wires)).toEqual({
      'end-to-end': [
        'event-catalogue/t..v1.4.0',
        'order-manager/b..main (own)',
        'order-processor/b..main (own)',
        'user-auth/b..main',
        'web-client/b..main',
      ],
      'order-images': [],
      'order-manager': ['foundation/b..main', 'order-events/t..v1.4.0', 'user-auth/b..main'],
      'order-processor': ['foundation/b..main', 'networking/b..main', 'order-images/b..main (own)'],
    });
    const own = new Set(copies.map(({ id }) => id));
    const inside = copies.flatMap(({ consumes }) => consumes).filter(({ from }) => own.has(from));
    for (const { from, path } of inside) expect(path.startsWith(`/odmd-share/${from}/`)).toBe(true);
    expect(inside).toHaveLength(4);
  });

  it('shares no name with anything that is there', () => {
    const taken = new Set(envers.flatMap(names));
    expect(copies.flatMap(names).filter((name) => taken.has(name))).toEqual([]);
  });

  it('leaves alone what there is one of', () => {
    const single = envers.filter(({ clones }) => clones === 'off').map(({ build }) => build);
    expect(single.sort()).toEqual([
      'contracts',
      'edge',
      'event-catalogue',
      'networking',
      'order-events',
      'user-auth',
    ]);
  });
});
