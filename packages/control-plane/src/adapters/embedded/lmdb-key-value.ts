import { open, type RootDatabase } from 'lmdb';
import type { KeyValue } from '../key-value/key-value.js';

/**
 * A `KeyValue` in a folder of this machine (LMDB: copy-on-write pages, so a process killed at any point leaves
 * the last committed state). One process at a time.
 */
export class LmdbKeyValue implements KeyValue {
  private readonly db: RootDatabase<unknown, string>;

  constructor(folder: string) {
    this.db = open<unknown, string>({ path: folder, encoding: 'json', cache: false });
  }

  get<T>(key: string): T | undefined {
    return this.db.get(key) as T | undefined;
  }

  set(key: string, value: unknown): void {
    this.db.transactionSync(() => {
      this.db.put(key, value);
    });
  }

  delete(key: string): void {
    this.db.transactionSync(() => {
      this.db.remove(key);
    });
  }

  range<T>(prefix: string): { key: string; value: T }[] {
    const pairs: { key: string; value: T }[] = [];
    for (const { key, value } of this.db.getRange({ start: prefix })) {
      if (!key.startsWith(prefix)) break;
      pairs.push({ key, value: value as T });
    }
    return pairs;
  }

  transaction<T>(change: () => T): T {
    return this.db.transactionSync(change);
  }

  async close(): Promise<void> {
    await this.db.close();
  }
}
