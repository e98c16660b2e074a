import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { describe, expect, it } from 'vitest';
import type { ManifestStore } from '../ports/index.js';

const entry = enverEntry();

/** What every `ManifestStore` must do. `make` gives an empty one. */
export function manifestStoreConformance(name: string, make: () => Promise<ManifestStore>): void {
  describe(`ManifestStore: ${name}`, () => {
    it('keeps the bytes of a manifest under its commit', async () => {
      const store = await make();
      expect(await store.get('a')).toBeUndefined();
      await store.put('a', '{"é":1}\n');
      await store.put('a', '{"é":2}\n');
      expect(await store.get('a')).toBe('{"é":2}\n');
    });

    it('takes and forgets the entries of envers, as often as it is told', async () => {
      const store = await make();
      for (let n = 0; n < 2; n++) await store.publishEntry(entry);
      for (let n = 0; n < 2; n++) await store.withdrawEntry(entry.id);
    });
  });
}
