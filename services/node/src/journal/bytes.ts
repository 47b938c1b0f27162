// Reading and writing the journal's records: little-endian integers, counted lists, text as UTF-8.
import { fromUtf8, utf8 } from "@fogbow/core-bytes";
import { NodeError } from "../error.ts";

/** Collects bytes. */
export class ByteWriter {
  #bytes = new Uint8Array(1_024);
  #length = 0;

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  u8(n: number): void {
    this.#grow(1)[this.#length++] = n;
  }

  u32(n: number): void {
    const bytes = this.#grow(4);
    new DataView(bytes.buffer).setUint32(this.#length, n, true);
    this.#length += 4;
  }

  u64(n: bigint): void {
    const bytes = this.#grow(8);
    new DataView(bytes.buffer).setBigUint64(this.#length, n, true);
    this.#length += 8;
  }

  /** Bytes whose number the reader knows. */
  raw(bytes: Uint8Array): void {
    this.#grow(bytes.length).set(bytes, this.#length);
    this.#length += bytes.length;
  }

  bytes(bytes: Uint8Array): void {
    this.u32(bytes.length);
    this.raw(bytes);
  }

  text(text: string): void {
    this.bytes(utf8(text));
  }

  list<Item>(items: readonly Item[], write: (item: Item) => void): void {
    this.u32(items.length);
    for (const item of items) write(item);
  }

  optional<Item>(item: Item | undefined, write: (item: Item) => void): void {
    this.u8(item === undefined ? 0 : 1);
    if (item !== undefined) write(item);
  }

  #grow(more: number): Uint8Array {
    const needed = this.#length + more;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    return this.#bytes;
  }
}

/** Reads what a writer wrote. Methods throw `malformed-record`. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** How many bytes were read. */
  get at(): number {
    return this.#at;
  }

  /** Asserts that nothing follows. */
  finish(): void {
    if (this.#at !== this.#bytes.length) throw malformed("bytes follow");
  }

  u8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  u32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#skip(8), true);
  }

  /** A copy. */
  raw(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.#bytes.slice(at, at + length);
  }

  bytes(): Uint8Array {
    return this.raw(this.u32());
  }

  text(): string {
    try {
      return fromUtf8(this.bytes());
    } catch (cause) {
      throw malformed("text is no UTF-8", cause);
    }
  }

  list<Item>(read: () => Item): Item[] {
    const count = this.u32();
    if (count > this.#bytes.length) throw malformed("a list is longer than the record");
    return Array.from({ length: count }, read);
  }

  optional<Item>(read: () => Item): Item | undefined {
    const flag = this.u8();
    if (flag > 1) throw malformed("a flag is neither 0 nor 1");
    return flag === 0 ? undefined : read();
  }

  #skip(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) throw malformed("it ends early");
    this.#at += length;
    return at;
  }
}

/** The error for a record that nobody can have written. */
export function malformed(what: string, cause?: unknown): NodeError {
  return new NodeError("malformed-record", `A record of the vote journal is malformed: ${what}.`, { cause });
}
