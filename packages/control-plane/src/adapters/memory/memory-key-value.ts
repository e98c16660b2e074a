import type { KeyValue } from '../key-value/key-value.js';

/** A `KeyValue` that forgets everything at the end of the process. */
export class MemoryKeyValue implements KeyValue {
  // JSON text, so that a caller who changes a value it read does not change what is stored.
  private readonly data = new Map<string, string>();
  /** Every key, in order. */
  private readonly keys: string[] = [];
  /** What the running transaction has overwritten, newest last. */
  private undo: [key: string, before: string | undefined][] | undefined;

  get<T>(key: string): T | undefined {
    const text = this.data.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  set(key: string, value: unknown): void {
    this.write(key, JSON.stringify(value));
  }

  delete(key: string): void {
    this.write(key, undefined);
  }

  range<T>(prefix: string): { key: string; value: T }[] {
    const found: { key: string; value: T }[] = [];
    for (let at = this.position(prefix); at < this.keys.length; at++) {
      const key = this.keys[at];
      if (!key?.startsWith(prefix)) break;
      found.push({ key, value: JSON.parse(this.data.get(key) ?? 'null') as T });
    }
    return found;
  }

  transaction<T>(change: () => T): T {
    if (this.undo) return change();
    const undo: [string, string | undefined][] = [];
    this.undo = undo;
    try {
      const result = change();
      this.undo = undefined;
      return result;
    } catch (error) {
      this.undo = undefined;
      for (const [key, before] of undo.reverse()) this.write(key, before);
      throw error;
    }
  }

  async close(): Promise<void> {}

  private write(key: string, text: string | undefined): void {
    const before = this.data.get(key);
    this.undo?.push([key, before]);
    if (text === undefined) {
      if (this.data.delete(key)) this.keys.splice(this.position(key), 1);
      return;
    }
    this.data.set(key, text);
    if (before === undefined) this.keys.splice(this.position(key), 0, key);
  }

  /** Where the key is, or would be. */
  private position(key: string): number {
    let [from, to] = [0, this.keys.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.keys[middle] ?? '') < key) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
