import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryKeyValue } from './memory-key-value.js';

const key = fc.stringMatching(/^[ab]{0,3}$/);
const change = fc.record({ key, value: fc.option(fc.integer(), { nil: undefined }) });

function apply(kv: MemoryKeyValue, { key: at, value }: { key: string; value: number | undefined }): void {
  if (value === undefined) kv.delete(at);
  else kv.set(at, value);
}

it('holds what a map holds, and gives it in the order of its keys', () => {
  fc.assert(
    fc.property(fc.array(change), key, (changes, prefix) => {
      const kv = new MemoryKeyValue();
      const map = new Map<string, number>();
      for (const one of changes) {
        apply(kv, one);
        if (one.value === undefined) map.delete(one.key);
        else map.set(one.key, one.value);
      }
      const expected = [...map].filter(([at]) => at.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
      expect(kv.range(prefix)).toEqual(expected.map(([at, value]) => ({ key: at, value })));
    }),
  );
});

it('takes back everything of a transaction that throws', () => {
  fc.assert(
    fc.property(fc.array(change), fc.array(change), (before, inside) => {
      const kv = new MemoryKeyValue();
      for (const one of before) apply(kv, one);
      const held = kv.range('');
      const failing = () =>
        kv.transaction(() => {
          for (const one of inside) apply(kv, one);
          throw new Error('on purpose');
        });
      expect(failing).toThrow('on purpose');
      expect(kv.range('')).toEqual(held);
    }),
  );
});
