import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, canonicalJsonPretty, sha256 } from './canonical-json.js';

describe('canonicalJson', () => {
  it('sorts keys by UTF-16 code units, also keys that look like array indexes', () => {
    expect(canonicalJson({ b: 1, 9: 2, 10: 3, a: [], B: {} })).toBe('{"10":3,"9":2,"B":{},"a":[],"b":1}');
  });

  it('is valid JSON of the same value, whatever the order of the keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const normal = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(normal);
        expect(JSON.parse(canonicalJsonPretty(value))).toEqual(normal);
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
        expect(canonicalJsonPretty(reversed(value))).toBe(canonicalJsonPretty(value));
      }),
    );
  });

  it('writes as JSON.stringify does where key order does not matter', () => {
    const value = { a: [1, 'x', null, undefined, { b: true, c: undefined }], d: {}, e: [], f: new Date(0) };
    expect(canonicalJson(value)).toBe(JSON.stringify(value));
    expect(canonicalJsonPretty(value)).toBe(`${JSON.stringify(value, null, 2)}\n`);
  });

  it('keeps a key named __proto__', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}');
  });

  it('writes what is frozen, and shared, wherever it stands', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const [a, b] = [frozen(one), frozen(other)];
        const shared = { list: [a, b, a, [a, { b, a }]], deeper: { b: [b, b], a: { a } }, b };
        const apart = JSON.parse(JSON.stringify(shared));
        expect(canonicalJson(shared)).toBe(canonicalJson(apart));
        expect(canonicalJsonPretty(shared)).toBe(canonicalJsonPretty(apart));
      }),
    );
  });

  it('leaves no trace of what JSON cannot carry, also between texts that are not ASCII', () => {
    const value = { a: '功能', b: () => 1, c: 'q"\\\n\u2028\u007f', d: Symbol('s'), é: '\ud800' };
    expect(canonicalJson(value)).toBe(JSON.stringify(value));
    expect(canonicalJson({ b: undefined })).toBe('{}');
  });

  it.each([undefined, () => 1, Symbol('s'), 1n])('refuses %s', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});

describe('sha256', () => {
  it('is the hex digest of the UTF-8 bytes', () => {
    expect(sha256('功能')).toBe('25f5ce57a1909740c1f26740d3f32767c9ac8f7122bf01b0845629716fb496eb');
  });
});

function frozen(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, item) => Object.freeze(item));
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, item]) => [key, reversed(item)]));
}
