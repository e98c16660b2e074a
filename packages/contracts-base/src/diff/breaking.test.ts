import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type EnverEntry, type JsonSchema, type Manifest, toJsonSchema } from '../manifest/index.js';
import { entry, main, manifest, product, use } from '../plan/manifest.test.fixture.js';
import { diffManifests } from './diff.js';

const READER = main('shop');

/** `shop` reads `menu` of `base`, whose type and surroundings can be others. */
function org(base: Partial<EnverEntry> = {}, ...further: EnverEntry[]): Manifest {
  return manifest(
    entry('base', { products: [product('base', 'menu')], ...base }),
    entry('shop', { consumes: [use('base/menu')] }),
    ...further,
  );
}

function typed(type: z.ZodType): Manifest {
  const result = toJsonSchema(type);
  const schema: JsonSchema = 'schema' in result ? result.schema : {};
  return org({ products: [product('base', 'menu', schema)] });
}

function kinds(before: Manifest, after: Manifest): string[] {
  return diffManifests(before, after).breaking.map(({ kind, where }) => `${kind} ${where}`);
}

describe('a product that is consumed', () => {
  const old = z.object({ a: z.string(), size: z.enum(['s', 'm']) });
  const cases: readonly [string, z.ZodType, string[]][] = [
    ['stays', old, []],
    ['gets an optional property', old.extend({ b: z.string().optional() }), []],
    ['gets words', old.describe('the menu'), []],
    ['gets a required property', old.extend({ b: z.string() }), ['product-narrowed']],
    ['loses a property', old.omit({ a: true }), ['product-narrowed', 'product-widened']],
    ['makes a property optional', old.partial({ a: true }), ['product-widened']],
    ['allows another value', old.extend({ size: z.enum(['s', 'm', 'l']) }), ['product-widened']],
    ['allows a value less', old.extend({ size: z.enum(['s']) }), ['product-narrowed']],
    ['is of another type', z.string(), ['product-narrowed', 'product-widened']],
  ];

  it.each(cases)('%s', (_name, now, expected) => {
    expect(kinds(typed(old), typed(now))).toEqual(expected.map((kind) => `${kind} base/b..main/menu`));
  });

  it('names readers, place and reason', () => {
    expect(diffManifests(typed(old), typed(old.partial({ a: true }))).breaking).toEqual([
      {
        kind: 'product-widened',
        where: 'base/b..main/menu',
        message: 'readers may meet what they do not expect: a: it may be missing',
        victims: [READER],
      },
    ]);
  });

  it('says when its types cannot be compared', () => {
    const found = diffManifests(typed(z.string().regex(/^a/)), typed(z.string().regex(/^b/))).breaking;
    expect(found).toMatchObject([{ undecided: true }, { undecided: true }]);
    expect(found[0]?.message).toContain('cannot be decided');
  });

  it('is removed, renamed or becomes another kind', () => {
    const renamed = manifest(
      entry('base', { products: [product('base', 'card')] }),
      entry('shop', { consumes: [use('base/card')] }),
    );
    expect(diffManifests(org(), renamed).breaking).toEqual([
      {
        kind: 'product-removed',
        where: 'base/b..main/menu',
        message: 'it is removed while consumed',
        victims: [READER],
      },
    ]);
    const secret = org({ products: [{ ...product('base', 'menu'), kind: 'secret' }] });
    expect(kinds(org(), secret)).toEqual(['product-kind base/b..main/menu']);
  });
});

it('a product may change freely while nobody consumes it on both sides', () => {
  const alone = (schema: JsonSchema) =>
    manifest(entry('base', { products: [product('base', 'menu', schema)] }));
  expect(diffManifests(alone({ type: 'string' }), alone({ type: 'null' }))).toMatchObject({
    breaking: [],
    bump: 'minor',
  });
  expect(
    kinds(alone({ type: 'string' }), org({ products: [product('base', 'menu', { type: 'null' })] })),
  ).toEqual([]);
  expect(kinds(alone({}), manifest(entry('base')))).toEqual([]);
});

describe('an enver', () => {
  it('hits its consumers when it is retired, once, unless they go too', () => {
    const without = manifest(entry('shop'));
    expect(diffManifests(org(), without).breaking).toMatchObject([
      { kind: 'enver-retired', where: main('base'), victims: [READER] },
    ]);
    expect(kinds(org(), manifest(entry('other')))).toEqual([]);
  });

  it('hits itself and its consumers when it moves', () => {
    const found = diffManifests(org(), org({ account: { name: 'other', id: '333333333333' } })).breaking;
    expect(found).toMatchObject([
      { kind: 'enver-moved', where: main('base'), victims: [main('base'), READER] },
    ]);
    expect(found[0]?.message).toContain(
      'from work (222222222222) eu-west-1 to other (333333333333) eu-west-1',
    );
    expect(kinds(org(), org({ region: 'us-east-1' }))).toEqual([`enver-moved ${main('base')}`]);
    expect(kinds(org(), org({ account: { name: 'renamed', id: '222222222222' } }))).toEqual([]);
    expect(kinds(org(), org({ kind: 'cdk' }))).toEqual([`enver-kind ${main('base')}`]);
  });

  it('of a tag must keep its inputs', () => {
    const tag = (consumes: EnverEntry['consumes']) =>
      org({}, entry('rel', { id: 'rel/t..v1', revision: { kind: 'tag', ref: 'v1' }, consumes }));
    expect(kinds(tag([]), tag([use('base/menu')]))).toEqual(['tag-changed rel/t..v1']);
    expect(kinds(tag([use('base/menu')]), tag([use('base/menu', { onChange: 'ignore' })]))).toEqual([]);
  });
});

it('the platform hits every enver when its home moves', () => {
  const living = (...regions: string[]) => ({ ...org(), regions });
  expect(diffManifests(living('us-west-1', 'eu-west-1'), living('eu-west-1', 'us-west-1')).breaking).toEqual([
    {
      kind: 'home-moved',
      where: 'regions',
      message:
        'the home of the platform moves from us-west-1 to eu-west-1: it has to be installed there, and every product published again',
      victims: [main('base'), READER],
    },
  ]);
  expect(kinds(living('us-west-1'), living('us-west-1', 'eu-west-1'))).toEqual([]);
  expect(kinds(org(), living('us-west-1'))).toEqual([]);
});

it('a build hits all of its envers when its repository changes', () => {
  const dev = (repo: EnverEntry['repo']) =>
    entry('base', { id: 'base/b..dev', revision: { kind: 'branch', ref: 'dev' }, repo });
  const [old, now] = [
    { owner: 'o', name: 'base' },
    { owner: 'o', name: 'elsewhere' },
  ];
  expect(diffManifests(org({ repo: old }, dev(old)), org({ repo: now }, dev(now))).breaking).toEqual([
    {
      kind: 'repo-changed',
      where: 'base',
      message: 'its repository changes from o/base to o/elsewhere: the old one can deploy no more',
      victims: ['base/b..dev', main('base')],
    },
  ]);
});
