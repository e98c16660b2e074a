import { describe, expect, it } from 'vitest';
import {
  Build,
  CdkEnver,
  ContainerImageEnver,
  type ImageProps,
  NpmPackageEnver,
  Revision,
} from '../constructs/index.js';
import { CoffeeShop, findings, MAIN, messages, WORKSPACE } from '../testing/coffee-shop.js';

const place = { ...WORKSPACE, revision: MAIN };

describe('ODMD130 stacks', () => {
  function shopWith(...stacks: string[]): CoffeeShop {
    const shop = new CoffeeShop();
    new CdkEnver(new Build(shop, 'web', { repo: 'shop' }), { ...place, stacks });
    return shop;
  }

  it.each([
    'a_b',
    '-a',
    'a-',
    'a--b',
    '功',
    'a'.repeat(33),
    '0123456789ab',
    'a-0123456789ab',
    'a-0123456789AB',
  ])('refuse the suffix %j', (suffix) => {
    expect(findings(shopWith(suffix))).toEqual(['ODMD130 enver web/b..main']);
  });

  it('are there, and have names of their own', () => {
    expect(messages(shopWith(), 'ODMD130')).toEqual(['it has no stack']);
    expect(messages(shopWith('', 'data', 'Data'), 'ODMD130')).toEqual([
      '2 stacks have the suffix "data" (case ignored)',
    ]);
    expect(findings(shopWith('', ''))).toEqual(['ODMD130 enver web/b..main']);
  });

  it.each([[['']], [['a', 'a-b', '1']], [['', 'a'.repeat(32)]]])('take %j', (stacks) => {
    expect(findings(shopWith(...stacks))).toEqual([]);
  });
});

describe('ODMD131 images', () => {
  function shopWith(images: Readonly<Record<string, ImageProps>>): CoffeeShop {
    const shop = new CoffeeShop();
    new ContainerImageEnver(new Build(shop, 'web', { repo: 'shop' }), { ...place, images });
    return shop;
  }

  it.each(['A', '', '-a', 'a--b', 'a_', 'a/b', 'a b', 'a'.repeat(65)])('refuse the name %j', (name) => {
    const codes = findings(shopWith({ [name]: {} })).filter((finding) => finding.startsWith('ODMD131'));
    expect(codes).toEqual([`ODMD131 image ${name} of web/b..main`]);
  });

  it('are there, and lie inside the working directory', () => {
    expect(messages(shopWith({}), 'ODMD131')).toEqual(['it has no image']);
    expect(findings(shopWith({ a: { context: '../x' }, b: { dockerfile: '/Dockerfile' } }))).toEqual([
      'ODMD131 image a of web/b..main',
      'ODMD131 image a of web/b..main',
      'ODMD131 image b of web/b..main',
    ]);
  });

  it('are taken, whether all products of theirs are used or not', () => {
    expect(findings(shopWith({ a: {}, 'b.c_d-e': { context: 'x/y' } }))).toEqual([]);
  });
});

describe('ODMD132 packages', () => {
  function shopWith(packageName: string): CoffeeShop {
    const shop = new CoffeeShop();
    new NpmPackageEnver(new Build(shop, 'lib', { repo: 'shop' }), { ...place, packageName });
    return shop;
  }

  it.each(['', 'Coffee', '@coffee', '@coffee/', '.x', 'a b', 'a/b', 'a'.repeat(215)])('refuse %j', (name) => {
    expect(findings(shopWith(name))).toEqual(['ODMD132 enver lib/b..main']);
  });

  it.each(['coffee', '@coffee/menu', 'a.b_c-d'])('take %j', (name) => {
    expect(findings(shopWith(name))).toEqual([]);
  });
});

describe('ODMD127 names of stacks and repositories', () => {
  it('are compared with those of all envers', () => {
    const shop = new CoffeeShop();
    const web = new Build(shop, 'web', { repo: 'shop' });
    const props = { ...place, stacks: ['', 'data'] };
    new CdkEnver(web, props);
    new CdkEnver(web, { ...props, revision: Revision.branch('main--data') });
    new CdkEnver(web, { ...props, revision: Revision.branch('main-data') });
    const images = { api: {} };
    new ContainerImageEnver(new Build(shop, 'images', { repo: 'shop' }), { ...place, images });
    expect(findings(shop)).toEqual([]);
  });
});
