import { describe, expect, it } from 'vitest';
import { planChange } from '../plan/index.js';
import { entry, main, manifest, product, use, wired } from '../plan/manifest.test.fixture.js';
import { diffManifests } from './diff.js';
import { diffMarkdown, diffText, planMarkdown, planText } from './render.js';

const before = manifest(
  entry('base', { products: [product('base', 'menu')] }),
  entry('shop', { consumes: [use('base/menu')] }),
);
const after = manifest(
  entry('base', { region: 'us-east-1', products: [product('base', 'menu', { enum: ['a'] })] }),
  entry('shop', { consumes: [use('base/menu'), use('extra/x', { onChange: 'approve' })] }),
  entry('extra', { products: [product('extra', 'x')], owner: '@team <b>|`' }),
);
const diff = diffManifests(before, after);

describe('a diff', () => {
  it('as text', () => {
    expect(diffText(diff)).toMatchInlineSnapshot(`
      "2 breaking changes, 1 privileged change, 3 deployments. This asks for a major version.

      Breaking
        base/b..main: it moves from work (222222222222) eu-west-1 to work (222222222222) us-east-1: what was deployed there stays behind, and the values of its products change
          hits base/b..main, shop/b..main
        base/b..main/menu: a value published before may be refused: the old value: it may be another value than those listed
          hits shop/b..main

      Needs an administrator
        repos.extra: what an account or repository stands for changes

      Phase 1
        base/b..main: moved from work/eu-west-1 to work/us-east-1
        extra/b..main: new in the contracts

      Phase 2
        shop/b..main: now consumes extra/b..main/x, base/b..main/menu

      Envers
        extra/b..main: added
        base/b..main: changed
          region: eu-west-1 → us-east-1

      Products
        extra/b..main/x: added
        base/b..main/menu: changed
          schema.enum: (none) → ["a"]
          schema.type: string → (none)

      Consumptions
        shop/b..main extra-x (extra/b..main/x): added

      Settings
        repos.extra: (none) → {"name":"extra","owner":"o"}
      "
    `);
  });

  it('as markdown', () => {
    expect(diffMarkdown(diff)).toMatchInlineSnapshot(`
      "### Change of the contracts

      2 breaking changes, 1 privileged change, 3 deployments. This asks for a major version.

      **Breaking**

      - \`base/b..main\`: it moves from work (222222222222) eu-west-1 to work (222222222222) us-east-1: what was deployed there stays behind, and the values of its products change
        - hits base/b..main, shop/b..main
      - \`base/b..main/menu\`: a value published before may be refused: the old value: it may be another value than those listed
        - hits shop/b..main

      **Needs an administrator**

      - \`repos.extra\`: what an account or repository stands for changes

      <details><summary>Phase 1 (2)</summary>

      - \`base/b..main\`: moved from work/eu-west-1 to work/us-east-1
      - \`extra/b..main\`: new in the contracts

      </details>

      <details><summary>Phase 2 (1)</summary>

      - \`shop/b..main\`: now consumes extra/b..main/x, base/b..main/menu

      </details>

      <details><summary>Envers (2)</summary>

      - \`extra/b..main\`: added
      - \`base/b..main\`: changed
        - region: eu-west-1 → us-east-1

      </details>

      <details><summary>Products (2)</summary>

      - \`extra/b..main/x\`: added
      - \`base/b..main/menu\`: changed
        - schema.enum: (none) → \\["a"\\]
        - schema.type: string → (none)

      </details>

      <details><summary>Consumptions (1)</summary>

      - \`shop/b..main extra-x (extra/b..main/x)\`: added

      </details>

      <details><summary>Settings (1)</summary>

      - \`repos.extra\`: (none) → \\{"name":"extra","owner":"o"\\}

      </details>
      "
    `);
  });

  it('of equal contracts', () => {
    const none = diffManifests(before, before);
    expect(diffText(none)).toBe('The contracts are the same.\n');
    expect(diffMarkdown(none)).toBe('### Change of the contracts\n\nThe contracts are the same.\n');
  });

  it('shows values as they are: no markup, no mention, no control characters', () => {
    const evil = manifest(
      entry('base', { owner: '<img src=x> @all `x` [a](b)\u001b[31m\n# T' }),
      entry('shop'),
    );
    const shown = diffManifests(manifest(entry('base'), entry('shop')), evil);
    const said = diffMarkdown(shown);
    expect(said).not.toMatch(/[^\\]<img|@all|\n# T|\[a\]\(b\)/);
    expect(diffText(shown)).not.toContain('\u001b');
  });

  it('fits into a comment however large it is', () => {
    const many = Array.from({ length: 3000 }, (_, n) =>
      entry(`e${n}`, { products: [product(`e${n}`, 'p'.repeat(60))] }),
    );
    const said = diffMarkdown(diffManifests(manifest(), manifest(...many)));
    expect(said.length).toBeLessThan(60_000);
    expect(said).toContain('…and 2950 more');
  });
});

it('a plan, as text and markdown', () => {
  const org = wired({ a: {}, b: { a: 'deploy' }, c: { a: 'approve' }, d: { c: 'deploy' } });
  const plan = planChange(org, { sources: [main('a')] });
  expect(planText(plan)).toMatchInlineSnapshot(`
    "2 deployments in 2 phases; 2 more after approval.

    Phase 1
      a/b..main: its source

    Phase 2
      b/b..main: a/b..main/p

    Waits for approval
      c/b..main: a/b..main/p, by work/boss
        behind it: d/b..main

    Phase 3, after approval
      c/b..main: a/b..main/p

    Phase 4, after approval
      d/b..main: c/b..main/p
    "
  `);
  expect(planMarkdown(plan)).toContain('**Waits for approval**');
  expect(planText(planChange(org, {}))).toBe('Nothing is deployed.\n');
});
