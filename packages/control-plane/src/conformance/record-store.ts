import { enverEntry } from '@ondemandenv/contracts-base/testing';
import { describe, expect, it } from 'vitest';
import { newRecord } from '../domain/record-writes.js';
import type { EnverRecord } from '../domain/records.js';
import { ConflictError, type RecordStore } from '../ports/index.js';

function record(id: string, more: Partial<EnverRecord> = {}): EnverRecord {
  const [build = ''] = id.split('/');
  const entry = enverEntry({ build, repo: { owner: 'o', name: 'r' } });
  return {
    ...newRecord(entry, { incarnation: 'i', contracts: 'c', reason: 'r', now: 0 }),
    version: 1,
    ...more,
  };
}

/** What every `RecordStore` must do. `make` gives an empty one. */
export function recordStoreConformance(name: string, make: () => Promise<RecordStore>): void {
  describe(`RecordStore: ${name}`, () => {
    it('gives back what was put', async () => {
      const store = await make();
      const put = record('a/b..main');
      await store.transact([{ put, expect: 0 }]);
      expect(await store.get('enver', 'a/b..main')).toEqual(put);
      expect(await store.get('ref', 'a/b..main')).toBeUndefined();
    });

    it('gives those of many that exist', async () => {
      const store = await make();
      const ids = Array.from({ length: 130 }, (_, n) => `e${n}/b..main`);
      for (const part of [ids.slice(0, 60), ids.slice(60, 120)])
        await store.transact(part.map((id) => ({ put: record(id), expect: 0 })));
      const found = await store.getMany('enver', ids);
      expect([...found.keys()].sort()).toEqual(ids.slice(0, 120).sort());
      expect(found.get('e7/b..main')).toEqual(record('e7/b..main'));
      expect(await store.getMany('enver', [])).toEqual(new Map());
    });

    it('refuses a write whose condition does not hold, and all writes with it', async () => {
      const store = await make();
      await store.transact([{ put: record('a/b..main'), expect: 0 }]);
      const counter = { kind: 'clones', id: 'a', version: 1, count: 1 } as const;
      const second = { put: record('a/b..main', { version: 2 }), expect: 0 };
      await expect(store.transact([{ put: counter, expect: 0 }, second])).rejects.toBeInstanceOf(
        ConflictError,
      );
      expect(await store.get('clones', 'a')).toBeUndefined();
      await store.transact([
        { put: counter, expect: 0 },
        { ...second, expect: 1 },
      ]);
      expect((await store.get('enver', 'a/b..main'))?.version).toBe(2);
    });

    it('lets one of two concurrent writers win', async () => {
      const store = await make();
      const outcomes = await Promise.allSettled(
        [1, 2, 3].map((runs) => store.transact([{ put: record('a/b..main', { runs }), expect: 0 }])),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('checks a record that it does not write', async () => {
      const store = await make();
      const put = record('a/b..main');
      const check = { kind: 'applied', id: 'applied' } as const;
      await expect(
        store.transact([
          { put, expect: 0 },
          { check, expect: 1 },
        ]),
      ).rejects.toBeInstanceOf(ConflictError);
      expect(await store.get('enver', 'a/b..main')).toBeUndefined();
      await store.transact([
        { put, expect: 0 },
        { check, expect: 0 },
      ]);
      expect(await store.get('enver', 'a/b..main')).toEqual(put);
      expect(await store.get('applied', 'applied')).toBeUndefined();
    });

    it('removes under the same condition', async () => {
      const store = await make();
      await store.transact([{ put: record('a/b..main'), expect: 0 }]);
      const remove = { kind: 'enver', id: 'a/b..main' } as const;
      await expect(store.transact([{ remove, expect: 7 }])).rejects.toBeInstanceOf(ConflictError);
      await store.transact([{ remove, expect: 1 }]);
      expect(await store.get('enver', 'a/b..main')).toBeUndefined();
      expect(await store.find('source', 'o/r refs/heads/main')).toEqual([]);
    });

    it('finds envers by what they consume, wait for and are built from', async () => {
      const store = await make();
      const clone = { base: 'a/b..main', set: 's', createdAt: 1, builds: ['a'] };
      await store.transact([
        { put: record('a/b..main', { consumes: ['/p/x', '/p/y'], waitsFor: ['z/b..main'] }), expect: 0 },
        { put: record('b/b..main', { consumes: ['/p/x'], clone }), expect: 0 },
      ]);
      expect((await store.find('consumers', '/p/x')).sort()).toEqual(['a/b..main', 'b/b..main']);
      expect(await store.find('consumers', '/p')).toEqual([]);
      expect(await store.find('waiters', 'z/b..main')).toEqual(['a/b..main']);
      expect((await store.find('source', 'o/r refs/heads/main')).sort()).toEqual(['a/b..main', 'b/b..main']);
      expect(await store.find('stack', 'odmd-enver-a--main')).toEqual(['a/b..main']);
      expect(await store.find('workflow', 'o/r')).toEqual([]);
      await store.transact([{ put: record('a/b..main', { version: 2, consumes: ['/p/y'] }), expect: 1 }]);
      expect(await store.find('consumers', '/p/x')).toEqual(['b/b..main']);
      expect(await store.find('waiters', 'z/b..main')).toEqual([]);
    });

    it('finds envers of a repo whose workflow somebody has to merge', async () => {
      const store = await make();
      const conditions = [{ type: 'WaitingForWorkflow', message: 'merge it', since: 1 } as const];
      await store.transact([{ put: record('a/b..main', { conditions }), expect: 0 }]);
      expect(await store.find('workflow', 'o/r')).toEqual(['a/b..main']);
      await store.transact([{ put: record('a/b..main', { version: 2 }), expect: 1 }]);
      expect(await store.find('workflow', 'o/r')).toEqual([]);
    });

    it('names those whose time has come, earliest first, and no others', async () => {
      const store = await make();
      const times: [string, number][] = [
        ['late', 30],
        ['soon', 5],
        ['now', 10],
        ['big', 1e12],
      ];
      await store.transact(
        times.map(([id, nextAt]) => ({ put: record(`${id}/b..main`, { nextAt }), expect: 0 })),
      );
      expect(await store.due(10, 10)).toEqual(['soon/b..main', 'now/b..main']);
      expect(await store.due(10, 1)).toEqual(['soon/b..main']);
    });

    it('iterates over one kind', async () => {
      const store = await make();
      await store.transact([
        { put: record('a/b..main'), expect: 0 },
        {
          put: {
            kind: 'ref',
            id: 'o/r refs/heads/main',
            version: 1,
            repo: 'o/r',
            ref: 'refs/heads/main',
            cursor: 'c',
          },
          expect: 0,
        },
      ]);
      const ids: string[] = [];
      for await (const { id } of store.all('ref')) ids.push(id);
      expect(ids).toEqual(['o/r refs/heads/main']);
    });

    it('finds the refs that wait for a place among the clones of an enver', async () => {
      const store = await make();
      const ref = {
        kind: 'ref',
        id: 'o/r refs/heads/x',
        repo: 'o/r',
        ref: 'refs/heads/x',
        cursor: 'a',
      } as const;
      await store.transact([{ put: { ...ref, version: 1, waitsForSlot: ['web/b..main'] }, expect: 0 }]);
      expect(await store.find('slot', 'web/b..main')).toEqual([ref.id]);
      await store.transact([{ put: { ...ref, version: 2 }, expect: 1 }]);
      expect(await store.find('slot', 'web/b..main')).toEqual([]);
    });
  });
}
