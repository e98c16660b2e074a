import { describe, expect, it } from 'vitest';
import { inputVersion, parseInputVersion } from './vector.js';

describe('inputVersion', () => {
  it('is the version and the start of the value’s hash', () => {
    expect(inputVersion(3, '"x"')).toBe('3#ba2df4903a2c');
    expect(inputVersion('placeholder', '[]')).toMatch(/^placeholder#[0-9a-f]{12}$/);
  });

  it.each([3, 'placeholder'] as const)('of %s is read back', (version) => {
    const text = inputVersion(version, 'value');
    const parsed = parseInputVersion(text);
    expect(parsed.version).toBe(version);
    expect(`${parsed.version}#${parsed.hash}`).toBe(text);
  });
});
