import { OdmdError } from '@ondemandenv/contracts-base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { physicalName } from './physical-name.js';

const CLONE = 'orders/b..main-_b..feature-login.df7c7aeb3560';

describe('a physical name', () => {
  it.each([
    ['shop/b..main', 63, 'shop--main--orders'],
    ['Shop/b..main', 63, /^orders-shop--main-[0-9a-f]{12}$/],
    [CLONE, 50, /^orders-orders--main-.*-[0-9a-f]{12}$/],
    [CLONE, 255, /^orders--main-.*[0-9a-f]{12}--orders$/],
    [CLONE, 16, /^ord-[0-9a-f]{12}$/],
  ])('of %s in %i characters', (enver, max, name) => {
    expect(physicalName(enver, 'orders', max)).toMatch(name);
  });

  it('is one that buckets, functions, tables and queues take, whatever the enver', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9_.-]{1,60}$/);
    fc.assert(
      fc.property(part, part, fc.integer({ min: 16, max: 128 }), (build, branch, max) => {
        const name = physicalName(`${build}/b..${branch}`, '1st-table', max);
        expect(name).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
        expect(name.length).toBeLessThanOrEqual(max);
      }),
    );
  });

  it.each([16, 63, 255])('keeps envers and purposes apart in %i characters', (max) => {
    const names = [CLONE, 'a/b..main', 'A/b..main', 'a/t..main'].flatMap((enver) =>
      ['orders', 'Orders', 'orders-b'].map((purpose) => physicalName(enver, purpose, max)),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(['', 'a--b', 'under_score', '0123456789ab', 'x'.repeat(33)])('has no purpose %j', (purpose) => {
    expect(() => physicalName('a/b..main', purpose)).toThrow(OdmdError);
  });

  it('needs room', () => {
    expect(() => physicalName('a/b..main', 'orders', 15)).toThrow(OdmdError);
    expect(() => physicalName('a/b..main', 'orders', Number.NaN)).toThrow(OdmdError);
  });
});
