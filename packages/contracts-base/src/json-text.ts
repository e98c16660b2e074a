const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const TILDE = 0x7e;
/** Bytes. */
const FIRST_CHUNK = 512;
const FULL_CHUNK = 64 * 1024;

/**
 * JSON text under construction. An org's manifest has a million pieces: kept as strings until they are joined, they
 * take more time of the garbage collector than all the writing.
 */
export class JsonText {
  /** UTF-8 that is in no string yet. */
  #chunk = Buffer.allocUnsafe(FIRST_CHUNK);
  #length = 0;
  readonly #done: string[] = [];

  toString(): string {
    this.#finishChunk();
    return this.#done.join('');
  }

  /** Adds JSON text. */
  add(json: string): void {
    // A UTF-16 code unit takes up to three bytes.
    this.#reserve(3 * json.length);
    this.#length += this.#chunk.write(json, this.#length);
  }

  /** As `add`, and sooner done for the short and plain pieces that JSON has between values: ASCII only. */
  addPlain(json: string): void {
    this.#reserve(json.length);
    for (let at = 0; at < json.length; at++) this.#chunk[this.#length++] = json.charCodeAt(at);
  }

  /** Adds a text as a JSON string. */
  addString(text: string): void {
    this.#reserve(text.length + 2);
    const chunk = this.#chunk;
    let end = this.#length;
    chunk[end++] = QUOTE;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code < SPACE || code > TILDE || code === QUOTE || code === BACKSLASH) {
        this.add(JSON.stringify(text));
        return;
      }
      chunk[end++] = code;
    }
    chunk[end++] = QUOTE;
    this.#length = end;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#chunk.length) return;
    if (this.#length + more > FULL_CHUNK) this.#finishChunk();
    const needed = this.#length + more;
    if (needed <= this.#chunk.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, Math.min(4 * needed, FULL_CHUNK)));
    this.#chunk.copy(grown, 0, 0, this.#length);
    this.#chunk = grown;
  }

  #finishChunk(): void {
    this.#done.push(this.#chunk.toString('utf8', 0, this.#length));
    this.#length = 0;
  }
}
