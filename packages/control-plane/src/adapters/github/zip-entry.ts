import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT = 0xffff;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

/**
 * One file of a zip archive that somebody else made.
 *
 * @param maxBytes the file may have
 * @returns `undefined` when the archive does not have it
 * @throws Error when this is no such archive (ones of 4 GB and more are not read), or the file is larger
 */
export function zipEntry(archive: Uint8Array, name: string, maxBytes: number): Buffer | undefined {
  const zip = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = endOf(zip);
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new Error('the archive has no list of its files');
    const lengths = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const [nameBytes = 0] = lengths;
    const start = at + ENTRY_BYTES;
    if (zip.toString('utf8', start, start + nameBytes) === name) return contentOf(zip, at, maxBytes);
    at = lengths.reduce((sum, length) => sum + length, start);
  }
  return undefined;
}

/** It is at the end, before a comment of any length. */
function endOf(zip: Buffer): number {
  for (let at = zip.length - END_BYTES; at >= 0 && at >= zip.length - END_BYTES - MAX_COMMENT; at--)
    if (zip.readUInt32LE(at) === END) return at;
  throw new Error('this is no zip archive');
}

/** @param at where the list of files tells of it: what stands before the content itself may be unfinished */
function contentOf(zip: Buffer, at: number, maxBytes: number): Buffer {
  const method = zip.readUInt16LE(at + 10);
  const compressed = zip.readUInt32LE(at + 20);
  const local = zip.readUInt32LE(at + 42);
  if (zip.readUInt32LE(local) !== LOCAL) throw new Error('the archive does not have what it lists');
  const start = local + LOCAL_BYTES + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const content = zip.subarray(start, start + compressed);
  if (method === DEFLATED) return inflateRawSync(content, { maxOutputLength: maxBytes });
  if (method !== STORED) throw new Error(`the archive is compressed in an unknown way (${method})`);
  if (content.length > maxBytes) throw new Error(`the file has more than ${maxBytes} bytes`);
  return content;
}
