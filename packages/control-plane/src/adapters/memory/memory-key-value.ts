import type { KeyValue } from '../key-value/key-value.js';

/** A `KeyValue` that forgets everything at the end of the process. */
export class MemoryKeyValue implements KeyValue {
  // JSON text, so that a caller who changes a value it read does not change what is stored.
  private data = new Map<string, string>();

  get<T>(key: string): T | undefined {
    const text = this.data.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  set(key: string, value: unknown): void {
    this.data.set(key, JSON.stringify(value));
  }

  delete(key: string): void {
    this.data.delete(key);
  }

  range<T>(prefix: string): { key: string; value: T }[] {
    return [...this.data.keys()]
      .filter((key) => key.startsWith(prefix))
      .sort()
      .map((key) => ({ key, value: JSON.parse(this.data.get(key) ?? 'null') as T }));
  }

  transaction<T>(change: () => T): T {
    const before = new Map(this.data);
    try {
      return change();
    } catch (error) {
      this.data = before;
      throw error;
    }
  }

  async close(): Promise<void> {}
}
