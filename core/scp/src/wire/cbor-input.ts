// CBOR in the one form in which `CborOutput` writes it. Whatever else RFC 8949 allows, longer heads, indefinite lengths,
// other orders of keys, tags, floats, is refused: two encodings of one message would be two messages to a network.
import { fromUtf8, readBe64 } from "@fogbow/core-bytes";
import { ScpError } from "../error.ts";
import { CBOR_DEPTH_MAX, MESSAGE_BYTES_MAX } from "../limits.ts";
import { encodedName, MAJOR, NULL } from "./cbor-output.ts";
import type { Input } from "./format.ts";

/** The least number that needs an argument of so many bytes. */
const LEAST: Readonly<Record<number, number | bigint>> = { 1: 24, 2: 2 ** 8, 4: 2 ** 16, 8: 2n ** 32n };

/** Reads CBOR of at most 1 MiB, nested at most 16 deep. Methods throw `malformed-encoding`. */
export class CborInput implements Input {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** For each open list, how many items are to come. */
  readonly #left: number[] = [];
  #depth = 0;

  constructor(bytes: Uint8Array) {
    if (bytes.length > MESSAGE_BYTES_MAX) throw malformed("A message is at most 1 MiB.");
    this.#bytes = bytes;
  }

  /** Asserts that nothing follows. */
  finish(): void {
    if (this.#at !== this.#bytes.length) throw malformed("Bytes follow the message.");
  }

  u32(): number {
    const n = this.#head(MAJOR.uint);
    if (n > 0xffff_ffffn) throw malformed("An integer has more than 32 bits.");
    return Number(n);
  }

  u64(): bigint {
    return BigInt(this.#head(MAJOR.uint));
  }

  text(): string {
    const bytes = this.#take(Number(this.#head(MAJOR.text)));
    try {
      return fromUtf8(bytes);
    } catch (cause) {
      throw malformed("Text is not UTF-8.", cause);
    }
  }

  byteString(length: number): Uint8Array {
    if (this.#head(MAJOR.bytes) !== length) throw malformed(`A byte string does not have ${length} bytes.`);
    return this.#take(length).slice();
  }

  byteArray(length: number): Uint8Array {
    this.#nest();
    if (this.#head(MAJOR.array) !== length) throw malformed(`A list does not have ${length} bytes.`);
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      const byte = this.#head(MAJOR.uint);
      if (byte > 0xff) throw malformed("A byte is larger than 255.");
      bytes[i] = Number(byte);
    }
    this.#depth--;
    return bytes;
  }

  beginStruct(fields: number): void {
    this.#nest();
    if (this.#head(MAJOR.map) !== fields) throw malformed(`A structure does not have ${fields} fields.`);
  }

  field(name: string): void {
    if (!this.#skip(encodedName(name))) throw malformed(`A field is not ${name}.`);
  }

  endStruct(): void {
    this.#depth--;
  }

  beginList(): void {
    this.#nest();
    const count = Number(this.#head(MAJOR.array));
    if (count > this.#bytes.length - this.#at) throw malformed("A list has more items than bytes follow.");
    this.#left.push(count);
  }

  item(): boolean {
    const left = this.#left.pop() ?? 0;
    this.#left.push(left - 1);
    return left > 0;
  }

  endList(): void {
    this.#left.pop();
    this.#depth--;
  }

  optional(): boolean {
    if (this.#bytes[this.#at] !== NULL) return true;
    this.#at++;
    return false;
  }

  beginVariant(names: readonly string[]): number {
    this.beginStruct(1);
    const index = names.findIndex((name) => this.#skip(encodedName(name)));
    if (index < 0) throw malformed("A variant has an unknown name.");
    return index;
  }

  endVariant(): void {
    this.endStruct();
  }

  /** Goes on behind these bytes, if they come next. */
  #skip(expected: Uint8Array): boolean {
    const end = this.#at + expected.length;
    if (end > this.#bytes.length) return false;
    for (let i = 0; i < expected.length; i++) if (this.#bytes[this.#at + i] !== expected[i]) return false;
    this.#at = end;
    return true;
  }

  #nest(): void {
    if (++this.#depth > CBOR_DEPTH_MAX) throw malformed("A message is nested more than 16 deep.");
  }

  /** The number in an item's head, which must be of the type and as short as it can be. */
  #head(major: number): number | bigint {
    const first = this.#next();
    if (first >> 5 !== major) throw malformed("An item is of another type.");
    const short = first & 31;
    if (short < 24) return short;
    if (short > 27) throw malformed("An item has no definite length.");
    const size = 1 << (short - 24);
    const n = size === 8 ? readBe64(this.#take(8)) : this.#uint(size);
    if (n < (LEAST[size] ?? 0)) throw malformed("A number is longer than it need be.");
    return n;
  }

  #uint(size: number): number {
    let n = 0;
    for (let i = 0; i < size; i++) n = n * 256 + this.#next();
    return n;
  }

  #next(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw malformed("The message ends early.");
    return byte;
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw malformed("The message ends early.");
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }
}

/** The error for bytes that are no message. */
export function malformed(message: string, cause?: unknown): ScpError {
  return new ScpError("malformed-encoding", message, { cause });
}
