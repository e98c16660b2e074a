import type { EnverEntry } from '@ondemandenv/contracts-base';
import type { ManifestStore } from '../../ports/manifest-store.js';
import type { KeyValue } from './key-value.js';

/** A `ManifestStore` over a `KeyValue`. */
export class KeyValueManifestStore implements ManifestStore {
  constructor(private readonly kv: KeyValue) {}

  async put(sha: string, bytes: string): Promise<void> {
    this.kv.set(`manifest/${sha}`, bytes);
  }

  async get(sha: string): Promise<string | undefined> {
    return this.kv.get<string>(`manifest/${sha}`);
  }

  async publishEntry(entry: EnverEntry): Promise<void> {
    this.kv.set(`entry/${entry.id}`, entry);
  }

  async withdrawEntry(enverId: string): Promise<void> {
    this.kv.delete(`entry/${enverId}`);
  }
}
