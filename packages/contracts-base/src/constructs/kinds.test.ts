import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { CoffeeShop, findings, MAIN, WORKSPACE } from '../testing/coffee-shop.js';
import {
  Build,
  CdkEnver,
  Consumer,
  ContainerImageEnver,
  DEFAULT_EXEC_SERVICES,
  NpmPackageEnver,
  Producer,
  Revision,
  type ScriptEnver,
  UserAuthEnver,
} from './index.js';

const place = { ...WORKSPACE, revision: MAIN };

function entryOf(shop: CoffeeShop, id: string) {
  const result = shop.synth();
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.manifest.envers[id];
}

describe('CdkEnver', () => {
  it('has one stack, or several in order, with names of its own', () => {
    const shop = new CoffeeShop();
    new CdkEnver(new Build(shop, 'one', { repo: 'shop' }), place);
    const many = new Build(shop, 'many', { repo: 'shop' });
    new CdkEnver(many, { ...place, stacks: ['network', '', 'api'] });
    expect(entryOf(shop, 'one/b..main')).toMatchObject({ kind: 'cdk', stacks: ['one--main'] });
    expect(entryOf(shop, 'many/b..main')?.stacks).toEqual([
      'many--main--network',
      'many--main',
      'many--main--api',
    ]);
  });

  it('is subclassed without a constructor, and an enver may have stacks of its own', () => {
    class Foundation extends CdkEnver {
      readonly bus = new Producer(this, 'bus', { schema: z.string() });
    }
    class Orders extends CdkEnver<{ readonly foundation: Foundation }> {
      readonly bus = new Consumer(this, 'bus', this.props.foundation.bus);
      override get stacks(): string[] {
        return ['data', 'api', ...(this.account === 'workspace1' ? ['alarms'] : [])];
      }
    }
    const shop = new CoffeeShop();
    const foundation = new Foundation(new Build(shop, 'base', { repo: 'shop' }), place);
    const orders = new Orders(new Build(shop, 'cafe', { repo: 'shop' }), { ...place, foundation });
    expectTypeOf(orders.bus).toEqualTypeOf<Consumer<z.ZodString>>();
    expect(entryOf(shop, 'cafe/b..main')).toMatchObject({
      stacks: ['cafe--main--data', 'cafe--main--api', 'cafe--main--alarms'],
      consumes: [{ id: 'bus', from: 'base/b..main' }],
    });
  });

  it('takes no property that it does not know, and misses none', () => {
    const build = new Build(new CoffeeShop(), 'one', { repo: 'shop' });
    // @ts-expect-error a misspelt property
    new CdkEnver(build, { ...place, stack: ['a'] });
    class Orders extends CdkEnver<{ readonly foundation: ScriptEnver }> {}
    // @ts-expect-error the property of the subclass is missing
    new Orders(build, place);
  });

  it('deploys the documented services unless it says otherwise', () => {
    const shop = new CoffeeShop();
    const build = new Build(shop, 'one', { repo: 'shop' });
    new CdkEnver(build, place);
    new CdkEnver(build, {
      ...place,
      revision: Revision.branch('dev'),
      exec: {
        services: [...DEFAULT_EXEC_SERVICES, 'rds'],
        statements: [{ actions: ['s3:GetObject', 's3:*'], resources: ['arn:aws:s3:::{enver}-assets/*'] }],
      },
    });
    expect(entryOf(shop, 'one/b..main')?.exec).toEqual({ services: DEFAULT_EXEC_SERVICES, statements: [] });
    expect(entryOf(shop, 'orders/b..main')?.exec.services).toEqual([]);
    expect(entryOf(shop, 'one/b..dev')?.exec).toEqual({
      services: [...DEFAULT_EXEC_SERVICES, 'rds'].sort(),
      statements: [
        {
          effect: 'Allow',
          actions: ['s3:*', 's3:GetObject'],
          resources: ['arn:aws:s3:::{enver}-assets/*'],
        },
      ],
    });
  });
});

describe('ContainerImageEnver', () => {
  it('has a repository and two typed products for each image', () => {
    const shop = new CoffeeShop();
    const enver = new ContainerImageEnver(new Build(shop, 'images', { repo: 'shop' }), {
      ...place,
      images: { web: {}, api: { context: 'api' }, job: { dockerfile: 'job.Dockerfile' } },
    });
    const use = new Consumer(shop.orders, 'digest', enver.images.api.imageDigest);
    expectTypeOf(use).toEqualTypeOf<Consumer<z.ZodString>>();
    // @ts-expect-error no such image
    expect(enver.images.other).toBeUndefined();
    const entry = entryOf(shop, 'images/b..main');
    expect(entry?.images).toEqual([
      { repository: 'images/main/api', context: 'api', dockerfile: 'api/Dockerfile' },
      { repository: 'images/main/job', context: '.', dockerfile: 'job.Dockerfile' },
      { repository: 'images/main/web', context: '.', dockerfile: 'Dockerfile' },
    ]);
    expect(entry?.products.map(({ name }) => name).slice(0, 2)).toEqual([
      'api/imageDigest',
      'api/repositoryUri',
    ]);
  });

  it('is subclassed', () => {
    class Images extends ContainerImageEnver<'api', { readonly menu: Producer<z.ZodArray<z.ZodString>> }> {
      readonly menu = new Consumer(this, 'menu', this.props.menu);
    }
    const shop = new CoffeeShop();
    const build = new Build(shop, 'images', { repo: 'shop' });
    const { images } = new Images(build, { ...place, images: { api: {} }, menu: shop.menu });
    expect(images.api.repositoryUri.path).toBe('/odmd-share/images/b..main/api/repositoryUri');
  });
});

describe('NpmPackageEnver and ScriptEnver', () => {
  it('publish a package, and run tests before they deploy', () => {
    const shop = new CoffeeShop();
    const npm = new NpmPackageEnver(new Build(shop, 'lib', { repo: 'shop' }), {
      ...place,
      packageName: '@coffee/lib',
      test: ['npm test'],
    });
    const use = new Consumer(shop.orders, 'lib', npm.package, {
      placeholder: { name: 'x', version: '0.0.0', integrity: 'sha512-AAAA' },
    });
    expectTypeOf(use.placeholder).toEqualTypeOf<
      { name: string; version: string; integrity: string } | undefined
    >();
    expect(entryOf(shop, 'lib/b..main')).toMatchObject({
      kind: 'npmPackage',
      package: { name: '@coffee/lib' },
      commands: { test: ['npm test'], deploy: [], destroy: [] },
      products: [{ name: 'package' }],
    });
    shop.enver('tested', { test: ['make test'], destroy: ['make clean'] });
    expect(entryOf(shop, 'tested/b..main')?.commands).toEqual({
      test: ['make test'],
      deploy: ['./deploy.sh'],
      destroy: ['make clean'],
    });
  });
});

describe('UserAuthEnver', () => {
  it('is a CDK enver of a user pool, with products that nobody has to consume, and without clones', () => {
    class UserAuth extends UserAuthEnver<{ readonly menu: Producer<z.ZodArray<z.ZodString>> }> {
      readonly menu = new Consumer(this, 'menu', this.props.menu);
    }
    const shop = new CoffeeShop();
    const build = new Build(shop, 'auth', { repo: 'shop' });
    // @ts-expect-error it has no settings for clones
    new UserAuthEnver(build, { ...place, revision: Revision.branch('dev'), clones: { max: 3 } });
    const auth = new UserAuth(build, { ...place, menu: shop.menu });
    new Consumer(shop.orders, 'pool', auth.userPoolId, { placeholder: 'us-west-1_None' });
    expect(entryOf(shop, 'auth/b..main')).toMatchObject({
      kind: 'cdk',
      clones: 'off',
      exec: { services: [...DEFAULT_EXEC_SERVICES, 'cognito-idp'].sort() },
      products: [{ name: 'clientId' }, { name: 'userPoolId' }],
    });
    expect(entryOf(shop, 'auth/b..dev')?.clones).toBe('off');
    expect(findings(shop)).toEqual([]);
  });
});
