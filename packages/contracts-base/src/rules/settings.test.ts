import { describe, expect, it } from 'vitest';
import type { ScriptEnverProps } from '../constructs/index.js';
import { CoffeeShop, findings, messages } from '../testing/coffee-shop.js';

function shopWith(props: Partial<ScriptEnverProps>): CoffeeShop {
  const shop = new CoffeeShop();
  shop.enver('web', props);
  return shop;
}

describe('ODMD122 commands', () => {
  it.each([
    ['none that deploys', { deploy: [] }],
    ['an empty one that deploys', { deploy: ['make', ' '] }],
    ['an empty one that destroys', { destroy: [''] }],
  ])('refuses %s', (_, props) => {
    expect(findings(shopWith(props))).toEqual(['ODMD122 enver web/b..main']);
  });

  it('takes an enver without teardown', () => {
    expect(findings(shopWith({ deploy: ['make'], destroy: [] }))).toEqual([]);
  });
});

describe('ODMD123 timeouts', () => {
  it.each([0, -1, 361, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d minutes', (timeoutMinutes) => {
    const shop = shopWith({ timeoutMinutes });
    expect(findings(shop)).toEqual(['ODMD123 enver web/b..main']);
    expect(messages(shop, 'ODMD123')).toEqual([`timeoutMinutes is ${timeoutMinutes}`]);
  });

  it.each([0.5, 1, 360])('takes %d minutes', (timeoutMinutes) => {
    expect(findings(shopWith({ timeoutMinutes }))).toEqual([]);
  });
});

describe('ODMD124 clones', () => {
  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses at most %d', (max) => {
    expect(findings(shopWith({ clones: { max } }))).toEqual(['ODMD124 enver web/b..main']);
  });

  it.each([0, 1, 5000])('takes at most %d', (max) => {
    expect(findings(shopWith({ clones: { max } }))).toEqual([]);
  });

  it('takes off', () => {
    expect(findings(shopWith({ clones: 'off' }))).toEqual([]);
  });
});
