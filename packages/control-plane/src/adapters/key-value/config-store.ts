import type { ConfigStore, StoredValue } from '../../ports/config-store.js';
import type { KeyValue } from './key-value.js';

const NEWEST = 'config/newest';
const VERSION = 'config/version';
/** As many as Parameter Store keeps. */
const KEPT_VERSIONS = 100;

/** A `ConfigStore` over a `KeyValue`: one key for the newest value, one for each kept version. */
export class KeyValueConfigStore implements ConfigStore {
  constructor(private readonly kv: KeyValue) {}

  async getMany(paths: readonly string[]): Promise<Map<string, StoredValue>> {
    const found = new Map<string, StoredValue>();
    for (const path of paths) {
      const stored = this.kv.get<StoredValue>(NEWEST + path);
      if (stored) found.set(path, stored);
    }
    return found;
  }

  async getVersion(path: string, version: number): Promise<StoredValue | undefined> {
    return this.kv.get<StoredValue>(versionKey(path, version));
  }

  async put(path: string, value: string): Promise<{ version: number; changed: boolean }> {
    return this.kv.transaction(() => {
      const newest = this.kv.get<StoredValue>(NEWEST + path);
      if (newest?.value === value) return { version: newest.version, changed: false };
      const stored: StoredValue = { path, version: (newest?.version ?? 0) + 1, value };
      this.kv.set(NEWEST + path, stored);
      this.kv.set(versionKey(path, stored.version), stored);
      this.kv.delete(versionKey(path, stored.version - KEPT_VERSIONS));
      return { version: stored.version, changed: true };
    });
  }

  async deleteMany(paths: readonly string[]): Promise<void> {
    this.kv.transaction(() => {
      for (const path of paths) {
        this.kv.delete(NEWEST + path);
        for (const { key } of this.kv.range(`${VERSION}${path}:`)) this.kv.delete(key);
      }
    });
  }

  async list(prefix: string): Promise<string[]> {
    return this.kv.range(NEWEST + prefix).map(({ key }) => key.slice(NEWEST.length));
  }
}

function versionKey(path: string, version: number): string {
  return `${VERSION}${path}:${version}`;
}
