import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Consumer, Producer, Revision } from '../constructs/index.js';
import { formatFinding } from '../errors.js';
import { CoffeeShop, findings } from '../testing/coffee-shop.js';
import { rules } from './index.js';

describe('rules', () => {
  it('find nothing in healthy contracts', () => {
    const result = new CoffeeShop().synth();
    expect(result).toMatchObject({ ok: true, warnings: [] });
  });

  it('have a code of their own each, in order, and say by it how severe they are', () => {
    const codes = rules.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].sort());
    for (const { code, severity, title } of rules) {
      expect(code).toMatch(severity === 'error' ? /^ODMD1[0-8]\d$/ : /^ODMD19\d$/);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
    }
  });

  it('report everything at once, errors apart from warnings, each with a fix', () => {
    const shop = new CoffeeShop();
    const broken = shop.enver('a b', {
      account: 'nowhere',
      region: 'mars',
      revision: Revision.branch('x..y'),
      deploy: [],
      timeoutMinutes: 0,
      clones: { max: -1 },
    });
    new Producer(broken, 'when', { schema: z.date() });
    new Consumer(broken, 'bus', shop.bus, { placeholder: 5 as never });
    const result = shop.synth();
    if (result.ok) throw new Error('the contracts are broken');
    expect(result.errors.map(({ code }) => code)).toEqual([
      'ODMD101',
      'ODMD104',
      'ODMD112',
      'ODMD114',
      'ODMD116',
      'ODMD120',
      'ODMD122',
      'ODMD123',
      'ODMD124',
    ]);
    expect(result.warnings.map(({ code }) => code)).toEqual(['ODMD190']);
    for (const finding of [...result.errors, ...result.warnings]) {
      expect(finding.where).not.toBe('');
      expect(formatFinding(finding)).toMatch(/^ODMD1\d\d [^\n]+\n {2}fix: [^\n]+$/);
    }
    expect(findings(shop)).toHaveLength(10);
  });
});
