import { describe, expect, it } from 'vitest';
import type { ConfigStore } from '../ports/index.js';

/** What every `ConfigStore` must do. `make` gives an empty one. */
export function configStoreConformance(name: string, make: () => Promise<ConfigStore>): void {
  describe(`ConfigStore: ${name}`, () => {
    const path = '/odmd-share/a/b..main/x';

    it('has nothing of a path that was never written', async () => {
      const store = await make();
      expect(await store.getMany([path])).toEqual(new Map());
      expect(await store.getVersion(path, 1)).toBeUndefined();
      expect(await store.list('/odmd-share/')).toEqual([]);
    });

    it('counts versions from 1 and keeps the old ones', async () => {
      const store = await make();
      expect(await store.put(path, '"one"')).toEqual({ version: 1, changed: true });
      expect(await store.put(path, '"two"')).toEqual({ version: 2, changed: true });
      expect((await store.getMany([path])).get(path)).toEqual({ path, version: 2, value: '"two"' });
      expect(await store.getVersion(path, 1)).toEqual({ path, version: 1, value: '"one"' });
      expect(await store.getVersion(path, 3)).toBeUndefined();
    });

    it('makes no version of an unchanged value', async () => {
      const store = await make();
      await store.put(path, '1');
      expect(await store.put(path, '1')).toEqual({ version: 1, changed: false });
      await store.put(path, '2');
      expect(await store.put(path, '1')).toEqual({ version: 3, changed: true });
    });

    it('keeps values as they are', async () => {
      const store = await make();
      const value = JSON.stringify('$(id) "quoted" `x` \n 功能 \u{1F600}');
      await store.put(path, value);
      expect((await store.getMany([path])).get(path)?.value).toBe(value);
    });

    it('lists the paths below a prefix and no others, in order', async () => {
      const store = await make();
      for (const name of ['b/x', 'a/y', 'a/x/z', 'ab/x']) await store.put(`/odmd-share/${name}`, '1');
      expect(await store.list('/odmd-share/a/')).toEqual(['/odmd-share/a/x/z', '/odmd-share/a/y']);
    });

    it('forgets deleted paths with all versions, and starts again at 1', async () => {
      const store = await make();
      const other = `${path}/child`;
      await store.put(path, '1');
      await store.put(other, '1');
      await store.deleteMany([path, '/odmd-share/unknown']);
      expect(await store.getVersion(path, 1)).toBeUndefined();
      expect((await store.getMany([path, other])).size).toBe(1);
      expect(await store.put(path, '2')).toEqual({ version: 1, changed: true });
    });

    it('keeps 100 versions', async () => {
      const store = await make();
      for (let n = 1; n <= 103; n++) await store.put(path, String(n));
      expect(await store.getVersion(path, 4)).toEqual({ path, version: 4, value: '4' });
      expect(await store.getVersion(path, 103)).toEqual({ path, version: 103, value: '103' });
    });
  });
}
