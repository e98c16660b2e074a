import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manifestOf, orgPlans } from '../testing/random-org.js';
import { manifestJsonSchema, manifestSchema } from './schema.js';

const validate = new Ajv2020({ strict: false }).compile(manifestJsonSchema());

describe('manifestJsonSchema', () => {
  it('takes every manifest', () => {
    fc.assert(
      fc.property(orgPlans, (plan) => {
        expect(validate(manifestOf(plan)) || validate.errors).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses what the reader refuses', () => {
    const manifest = manifestOf({ envers: [], uses: [] });
    const entry = manifest.envers['contracts/b..main'];
    const lifetime = { max: 1, auto: [], expires: 'soon' };
    for (const broken of [
      { ...manifest, schemaVersion: 2 },
      { ...manifest, more: 1 },
      { ...manifest, org: 'a/b' },
      { ...manifest, regions: [] },
      { ...manifest, accounts: { a: { id: '1', central: false } } },
      { ...manifest, envers: { x: { ...entry, kind: 'other' } } },
      { ...manifest, envers: { x: { ...entry, tags: undefined } } },
      { ...manifest, envers: { x: { ...entry, clones: lifetime } } },
    ]) {
      const read = JSON.parse(JSON.stringify(broken));
      expect(validate(read)).toBe(false);
      expect(manifestSchema.safeParse(read).success).toBe(false);
    }
  });
});
