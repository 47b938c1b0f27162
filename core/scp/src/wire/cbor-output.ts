// CBOR (RFC 8949) as serde_cbor writes it: shortest heads, definite lengths, structures as maps with their fields' names, a
// variant as a map of one entry, nothing as null.
import { utf8 } from "@fogbow/core-bytes";
import { ScpError } from "../error.ts";
import { CBOR_DEPTH_MAX, MESSAGE_BYTES_MAX } from "../limits.ts";
import type { Output } from "./format.ts";

/** The major types in use, the upper three bits of an item's first byte. */
export const MAJOR = { uint: 0, bytes: 2, text: 3, array: 4, map: 5 } as const;

/** The item that stands for nothing. */
export const NULL = 0xf6;

/** Collects at most 1 MiB of CBOR, nested at most 16 deep. Methods throw `message-too-large`. */
export class CborOutput implements Output {
  #bytes = new Uint8Array(1024);
  #length = 0;
  #depth = 0;

  /** What was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  u32(n: number): void {
    this.#head(MAJOR.uint, n);
  }

  u64(n: bigint): void {
    if (n <= 0xffff_ffffn) {
      this.#head(MAJOR.uint, Number(n));
      return;
    }
    this.#reserve(9);
    this.#bytes[this.#length] = (MAJOR.uint << 5) | 27;
    new DataView(this.#bytes.buffer).setBigUint64(this.#length + 1, n);
    this.#length += 9;
  }

  text(text: string): void {
    this.#string(MAJOR.text, utf8(text));
  }

  byteString(bytes: Uint8Array): void {
    this.#string(MAJOR.bytes, bytes);
  }

  byteArray(bytes: Uint8Array): void {
    this.beginList(bytes.length);
    this.#reserve(2 * bytes.length);
    for (const byte of bytes) {
      if (byte >= 24) this.#bytes[this.#length++] = (MAJOR.uint << 5) | 24;
      this.#bytes[this.#length++] = byte;
    }
    this.endList();
  }

  beginStruct(fields: number): void {
    this.#nest();
    this.#head(MAJOR.map, fields);
  }

  field(name: string): void {
    this.#raw(encodedName(name));
  }

  endStruct(): void {
    this.#depth--;
  }

  beginList(items: number): void {
    this.#nest();
    this.#head(MAJOR.array, items);
  }

  item(): void {}

  endList(): void {
    this.#depth--;
  }

  optional(isPresent: boolean): void {
    if (isPresent) return;
    this.#reserve(1);
    this.#bytes[this.#length++] = NULL;
  }

  beginVariant(name: string): void {
    this.beginStruct(1);
    this.field(name);
  }

  endVariant(): void {
    this.endStruct();
  }

  #nest(): void {
    if (++this.#depth > CBOR_DEPTH_MAX) throw tooLarge();
  }

  #string(major: number, bytes: Uint8Array): void {
    this.#head(major, bytes.length);
    this.#raw(bytes);
  }

  #raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #head(major: number, n: number): void {
    this.#reserve(5);
    const bytes = this.#bytes;
    if (n < 24) {
      bytes[this.#length++] = (major << 5) | n;
      return;
    }
    const size = n <= 0xff ? 1 : n <= 0xffff ? 2 : 4;
    bytes[this.#length++] = (major << 5) | (24 + Math.log2(size));
    for (let shift = 8 * (size - 1); shift >= 0; shift -= 8) bytes[this.#length++] = (n >>> shift) & 0xff;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed > MESSAGE_BYTES_MAX) throw tooLarge();
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

const names = new Map<string, Uint8Array>();

/**
 * The name of a field or variant as an item. Names are those of the types, so there are few: they are encoded once, as
 * every message has dozens of them.
 */
export function encodedName(name: string): Uint8Array {
  let encoded = names.get(name);
  if (encoded === undefined) {
    const bytes = utf8(name);
    if (bytes.length >= NAME_BYTES_END) throw new RangeError("A name has at most 23 bytes.");
    encoded = Uint8Array.of((MAJOR.text << 5) | bytes.length, ...bytes);
    names.set(name, encoded);
  }
  return encoded;
}

/** Lengths below are in the first byte of an item. */
const NAME_BYTES_END = 24;

function tooLarge(): ScpError {
  return new ScpError("message-too-large", "A message is at most 1 MiB, nested at most 16 deep.");
}
