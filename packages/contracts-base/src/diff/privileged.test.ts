import { expect, it } from 'vitest';
import type { EnverEntry, IamStatement, Manifest } from '../manifest/index.js';
import { BOSS, entry, main, manifest, product, use } from '../plan/manifest.test.fixture.js';
import { diffManifests } from './diff.js';

const ALLOW: IamStatement = { effect: 'Allow', actions: ['route53:*'], resources: ['*'] };
const TOKEN = { ...product('shop', 'token'), kind: 'secret' as const };
const OTHER = { name: 'other', id: '333333333333' };
const DENY: IamStatement = { ...ALLOW, effect: 'Deny' };

function org(shop: Partial<EnverEntry> = {}, production = false): Manifest {
  const made = manifest(entry('base', { products: [product('base', 'menu')] }), entry('shop', shop));
  const work = { id: '222222222222', ...(production && { production: true as const }) };
  return { ...made, accounts: { ...made.accounts, work } };
}

function messages(before: Manifest, after: Manifest): string[] {
  return diffManifests(before, after).privileged.map(({ where, message }) => `${where}: ${message}`);
}

const exec = (services: string[], statements: IamStatement[] = []) => ({ exec: { services, statements } });
const shop = main('shop');

it.each<[string, Manifest, Manifest, string[]]>([
  ['nothing', org(), org({ timeoutMinutes: 1 }), []],
  ['a service more', org(exec(['s3'])), org(exec(['s3', 'iot'])), [`${shop}: its deployments may use iot`]],
  ['a service less', org(exec(['s3', 'iot'])), org(exec(['s3'])), []],
  ['a statement more', org(), org(exec([], [ALLOW])), [`${shop}: a new statement: Allow route53:* on *`]],
  ['an Allow less', org(exec([], [ALLOW])), org(), []],
  ['a Deny less', org(exec([], [DENY])), org(), [`${shop}: a Deny is gone: route53:*`]],
  [
    'a grant',
    org(),
    org({ runtimeGrants: [BOSS] }),
    [`${shop}: its runtime role may be assumed by work/boss`],
  ],
  [
    'an approval that nobody gives any more',
    org({ consumes: [use('base/menu', { onChange: 'approve' })] }),
    org({ consumes: [use('base/menu')] }),
    [`${shop}: approval of base-menu: work/boss → none needed`],
  ],
  [
    'an approval that others give',
    org({ consumes: [use('base/menu', { onChange: 'approve' })] }),
    org({
      consumes: [use('base/menu', { onChange: 'approve', approvers: [{ account: 'work', role: 'x' }] })],
    }),
    [`${shop}: approval of base-menu: work/boss → work/x`],
  ],
  [
    'an approval that goes with its consumption',
    org({ consumes: [use('base/menu', { onChange: 'approve' })] }),
    org(),
    [`${shop}: approval of base-menu: work/boss → no longer consumed under this id`],
  ],
  [
    'a new approval',
    org({ consumes: [use('base/menu')] }),
    org({ consumes: [use('base/menu', { onChange: 'approve' })] }),
    [],
  ],
  [
    'a secret that others may read',
    org({ products: [TOKEN] }),
    org({ products: [{ ...TOKEN, readableFrom: [OTHER] }] }),
    [`${shop}: the secret token may be read from other`],
  ],
  [
    'a new secret that others may read',
    org(),
    org({ products: [{ ...TOKEN, readableFrom: [OTHER] }] }),
    [`${shop}: the secret token may be read from other`],
  ],
  ['a reader less', org({ products: [{ ...TOKEN, readableFrom: [OTHER] }] }), org({ products: [TOKEN] }), []],
  [
    'clones in production',
    org({}, true),
    org({ clones: { max: 3, auto: [] } }, true),
    [`${shop}: up to 3 clones in the production account work`],
  ],
  ['clones elsewhere', org(), org({ clones: { max: 3, auto: [] } }), []],
  ['no clones in production', org({ clones: { max: 3, auto: [] } }, true), org({}, true), []],
  [
    'another account',
    org(),
    org({ account: { name: 'other', id: '333333333333' } }),
    [`${shop}: it deploys into other`],
  ],
])('%s', (_name, before, after, expected) => {
  expect(messages(before, after)).toEqual(expected);
});

it('names of accounts and repositories that stand for others', () => {
  const after = org({ clones: { max: 1, auto: [] } });
  const moved = {
    ...after,
    accounts: { ...after.accounts, work: { id: '222222222222', production: true as const } },
  };
  expect(messages(after, moved)).toEqual([
    'accounts.work.production: what an account or repository stands for changes',
  ]);
});

it('a new enver with more than the default services, or statements', () => {
  const more = entry('more', exec(['s3', 'iot'], [ALLOW]));
  const after = { ...org(), envers: { ...org().envers, [more.id]: more } };
  expect(messages(org(), after)).toEqual([
    `${more.id}: a new statement: Allow route53:* on *`,
    `${more.id}: its deployments may use iot`,
  ]);
});

it('where the platform lives, but not where else envers may', () => {
  const living = (...regions: string[]) => ({ ...org(), regions });
  const moved = 'regions: the home region of the platform: ';
  expect(messages(living('a', 'b'), living('b', 'a'))).toEqual([`${moved}a → b`]);
  expect(messages(org(), living('a'))).toEqual([`${moved}the one it was installed in → a`]);
  expect(messages(living('a'), org())).toEqual([`${moved}a → the one it was installed in`]);
  expect(messages(living('a'), living('a', 'b'))).toEqual([]);
});
