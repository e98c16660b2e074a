import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { CoffeeShop, findings } from '../testing/coffee-shop.js';
import { ArtifactProducer, Consumer, Producer, ProducerGroup, SecretProducer } from './index.js';

function productsOf(shop: CoffeeShop) {
  const result = shop.synth();
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.manifest.envers['foundation/b..main']?.products;
}

describe('children', () => {
  it('are typed products inside their parent, to any depth', () => {
    const shop = new CoffeeShop();
    const topic = new Producer(shop.foundation, 'topic', {
      schema: z.string(),
      children: {
        topic: { schema: z.object({ port: z.int() }), example: { port: 1 } },
        deep: { schema: z.url(), children: { deeper: { schema: z.boolean(), public: true } } },
      },
    });
    expectTypeOf(topic.children.topic).toEqualTypeOf<Producer<z.ZodObject<{ port: z.ZodInt }>>>();
    expectTypeOf(topic.children.deep.children.deeper.schema).toEqualTypeOf<z.ZodBoolean>();
    const use = new Consumer(shop.orders, 'port', topic.children.topic, { placeholder: { port: 2 } });
    expectTypeOf(use.placeholder).toEqualTypeOf<{ port: number } | undefined>();
    // @ts-expect-error there is no such child
    expect(topic.children.other).toBeUndefined();
    expect(topic.children.deep.children.deeper.name).toBe('topic/deep/deeper');
    expect(topic.children.topic.path).toBe('/odmd-share/foundation/b..main/topic/topic');
    expect(productsOf(shop)).toContainEqual(
      expect.objectContaining({ name: 'topic/deep/deeper', public: true }),
    );
  });

  it('hold their examples against their types', () => {
    const shop = new CoffeeShop();
    new Producer(shop.foundation, 'topic', {
      schema: z.string(),
      // @ts-expect-error an example of another type
      children: { source: { schema: z.string(), example: 1 } },
    });
    expect(findings(shop)).toContain('ODMD113 product topic/source of foundation/b..main');
  });
});

describe('groups', () => {
  class Tables extends ProducerGroup {
    readonly config = new Producer(this, 'config', { schema: z.string() });
    readonly stats = new ProducerGroup(this, 'stats');
    readonly count = new Producer(this.stats, 'count', { schema: z.string() });
  }
  const parts = { source: { schema: z.string() } };
  class Bus extends Producer<z.ZodString, typeof parts> {
    constructor(scope: CoffeeShop['foundation'], id: string) {
      super(scope, id, { schema: z.string(), children: parts });
    }
    get source() {
      return this.children.source;
    }
  }

  it('are subclassed, with a value of their own or without', () => {
    const shop = new CoffeeShop();
    const tables = new Tables(shop.foundation, 'tables');
    const events = new Bus(shop.foundation, 'events');
    expect(tables.config.name).toBe('tables/config');
    expect(tables.count.path).toBe('/odmd-share/foundation/b..main/tables/stats/count');
    expect(events.source.path).toBe('/odmd-share/foundation/b..main/events/source');
    expect(productsOf(shop)?.map(({ name }) => name)).toEqual([
      'bus',
      'bus/menu',
      'events',
      'events/source',
      'tables/config',
      'tables/stats/count',
    ]);
  });

  it('have legal names', () => {
    const shop = new CoffeeShop();
    new ProducerGroup(shop.foundation, 'a/b');
    new ProducerGroup(new ProducerGroup(shop.foundation, 'ok'), '..');
    expect(findings(shop)).toEqual([
      'ODMD110 product a/b of foundation/b..main',
      'ODMD110 product ok/.. of foundation/b..main',
    ]);
  });
});

describe('secrets and artifacts', () => {
  it('are of their kinds, with a type of their own', () => {
    const shop = new CoffeeShop();
    const arn = 'arn:aws:secretsmanager:us-west-1:222222222222:secret:db/password-AbCdEf';
    const secret = new SecretProducer(shop.foundation, 'password', { example: arn });
    const file = new ArtifactProducer(shop.foundation, 'build', {
      example: 's3://coffee-builds/a/b.zip@3HL4',
    });
    new Consumer(shop.orders, 'password', secret, { placeholder: arn });
    const use = new Consumer(shop.orders, 'build', file);
    expectTypeOf(use).toEqualTypeOf<Consumer<z.ZodString>>();
    expect(findings(shop)).toEqual([]);
    expect(productsOf(shop)?.filter(({ kind }) => kind !== 'value')).toMatchObject([
      { name: 'build', kind: 'artifact', example: 's3://coffee-builds/a/b.zip@3HL4' },
      { name: 'password', kind: 'secret', example: arn },
    ]);
  });

  it.each(['hunter2', 'arn:aws:s3:::bucket', 'arn:aws:secretsmanager:us-west-1:1:secret:x'])(
    'take no secret like %j',
    (example) => {
      const shop = new CoffeeShop();
      new SecretProducer(shop.foundation, 'password', { example });
      expect(findings(shop)).toContain('ODMD113 product password of foundation/b..main');
    },
  );

  it.each(['s3://bucket/key', 's3://b/key@1', 'https://bucket/key@1', 's3://bucket/@1', 's3://bucket/key@'])(
    'take no artifact like %j',
    (example) => {
      const shop = new CoffeeShop();
      new ArtifactProducer(shop.foundation, 'build', { example });
      expect(findings(shop)).toContain('ODMD113 product build of foundation/b..main');
    },
  );
});
