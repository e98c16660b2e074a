import { DEFAULT_EXEC_SERVICES, writeManifest } from '@ondemandenv/contracts-base';
import { describe, expect, it } from 'vitest';
import { CoffeeShop, contracts } from './index.js';
import { manifestOf } from './testing/manifest.js';

/* What this org has agreed on, beyond the rules that hold for every org. */

const manifest = manifestOf(contracts);
const envers = Object.values(manifest.envers);
const idsOf = (found: typeof envers) => found.map(({ id }) => id).sort();

describe('the coffee shop', () => {
  it('breaks no rule, and deserves no warning', () => {
    expect(contracts.synth()).toMatchObject({ ok: true, warnings: [] });
  });

  it('is the same manifest, byte for byte, whenever it is made', () => {
    expect(writeManifest(manifestOf(new CoffeeShop()))).toBe(writeManifest(manifest));
  });

  it('knows who answers and pays for everything', () => {
    const teams = ['team-guests', 'team-identity', 'team-orders', 'team-platform'];
    for (const { owner, costCentre, tags } of envers) {
      expect(teams).toContain(owner);
      expect(costCentre).toMatch(/^cc-\d{3}$/);
      expect(tags.app).toBe('coffee-shop');
    }
  });

  it('lets only the platform’s team into production, and makes no copies there', () => {
    const production = envers.filter(({ account }) => manifest.accounts[account.name]?.production);
    expect(idsOf(production)).toEqual(['networking/b..main']);
    for (const { owner, clones } of production) expect([owner, clones]).toEqual(['team-platform', 'off']);
  });

  it('leaves its home region for CloudFront’s certificates alone', () => {
    expect(idsOf(envers.filter(({ region }) => region !== 'us-west-1'))).toEqual(['edge/b..main']);
    expect(contracts.edge.region).toBe('us-east-1');
  });

  it('lets no enver deploy what it was not meant to', () => {
    const further = envers.flatMap(({ id, exec }) => {
      const services = exec.services.filter((service) => !DEFAULT_EXEC_SERVICES.includes(service));
      return services.length === 0 ? [] : [`${id}: ${services.join(', ')}`];
    });
    expect(further.sort()).toEqual([
      'edge/b..main: acm, route53, wafv2',
      'networking/b..main: ec2, ram, route53',
      'order-processor/b..main: ec2, ecs, elasticloadbalancing',
      'user-auth/b..main: cognito-idp',
    ]);
  });

  it('shows a secret to nobody but the tests, and what tells personal data apart is on all of identity', () => {
    const readers = envers.filter(({ consumes }) => consumes.some(({ kind }) => kind === 'secret'));
    expect(idsOf(readers)).toEqual(['end-to-end/b..main']);
    const personal = envers.filter(({ tags }) => tags['data-class'] === 'personal');
    expect(personal.map(({ owner }) => owner)).toEqual(['team-identity']);
  });

  it('has an example of every value that a CDK app needs offline', () => {
    const wanted = envers.filter(({ kind }) => kind === 'cdk').flatMap(({ consumes }) => consumes);
    const made = new Set(['containerImage', 'npmPackage']); // whose products have the shape of their kind
    for (const { from, path } of wanted) {
      const producer = manifest.envers[from];
      const example = producer?.products.find((product) => product.path === path)?.example;
      if (!made.has(producer?.kind ?? '')) expect([path, example]).not.toEqual([path, undefined]);
    }
  });
});
