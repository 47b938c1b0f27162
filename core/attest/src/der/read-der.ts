// Reading DER (ITU-T X.690 §10): definite lengths in the fewest bytes, one-byte tags, nothing after the end. Readers are
// opened by the grammar that reads, never by the input, so nesting is as deep as the grammar and no deeper.
import { AttestError } from "../error.ts";

/** The tags used by X.509. Context tags are `contextTag(n)`. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The tag of an explicit context field, which wraps another element. */
export function contextTag(n: number): number {
  return 0xa0 | n;
}

/** Where an element stands in its bytes. */
export interface DerHeader {
  readonly tag: number;
  readonly contentStart: number;
  readonly end: number;
}

/** An element with views of its content and of all of it. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly encoded: Uint8Array;
}

const LENGTH_BYTES_MAX = 4; // More than any input that is accepted here can need.

/** Reads the elements of one constructed value, in order. All methods throw `der-malformed`. */
export class DerReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #offset: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#offset = 0;
    this.#end = bytes.length;
  }

  /** Whether everything has been read. */
  get isAtEnd(): boolean {
    return this.#offset === this.#end;
  }

  /** The next element's tag; undefined at the end. */
  get nextTag(): number | undefined {
    return this.isAtEnd ? undefined : this.#bytes[this.#offset];
  }

  /** The next element, whatever it is unless `tag` says. */
  element(tag?: number): DerElement {
    const start = this.#offset;
    const header = readHeader(this.#bytes, start, this.#end);
    if (tag !== undefined && header.tag !== tag) {
      throw malformed(`Expected tag ${tag}, found ${header.tag}.`);
    }
    this.#offset = header.end;
    return {
      tag: header.tag,
      content: this.#bytes.subarray(header.contentStart, header.end),
      encoded: this.#bytes.subarray(start, header.end),
    };
  }

  /** The content of the next element, which has this tag. */
  content(tag: number): Uint8Array {
    return this.element(tag).content;
  }

  /** The content of the next element if it has this tag; else undefined, and nothing is read. */
  optional(tag: number): Uint8Array | undefined {
    return this.nextTag === tag ? this.content(tag) : undefined;
  }

  /** A reader of what the next element, which has this tag, consists of. */
  enter(tag: number): DerReader {
    return new DerReader(this.content(tag));
  }

  /** Throws unless everything has been read. */
  assertEnd(): void {
    if (!this.isAtEnd) {
      throw malformed("There is more than the value should hold.");
    }
  }
}

/** What `read` makes of a value's parts, all of which it must read. Throws `der-malformed`. */
export function readAll<T>(content: Uint8Array, read: (reader: DerReader) => T): T {
  const reader = new DerReader(content);
  const value = read(reader);
  reader.assertEnd();
  return value;
}

/** The header at an offset, whose element ends by `end`. Throws `der-malformed`. */
export function readHeader(bytes: Uint8Array, offset: number, end: number): DerHeader {
  const tag = byteAt(bytes, offset, end);
  if ((tag & 0x1f) === 0x1f || tag === 0) {
    throw malformed("A tag is not of one byte, or marks an indefinite end.");
  }
  const first = byteAt(bytes, offset + 1, end);
  const { length, contentStart } =
    first < 0x80 ? { length: first, contentStart: offset + 2 } : readLongLength(bytes, offset + 1, end);
  if (length > end - contentStart) {
    throw malformed("An element is longer than what holds it.");
  }
  return { tag, contentStart, end: contentStart + length };
}

function readLongLength(bytes: Uint8Array, offset: number, end: number): { length: number; contentStart: number } {
  const count = byteAt(bytes, offset, end) & 0x7f;
  if (count === 0 || count > LENGTH_BYTES_MAX) {
    throw malformed("A length is indefinite or impossibly long.");
  }
  let length = 0;
  for (let i = 1; i <= count; i++) {
    length = length * 256 + byteAt(bytes, offset + i, end);
  }
  const shortest = length < 0x80 ? 0 : Math.ceil((32 - Math.clz32(length)) / 8);
  if (count !== shortest) {
    throw malformed("A length is not written in the fewest bytes.");
  }
  return { length, contentStart: offset + 1 + count };
}

function byteAt(bytes: Uint8Array, offset: number, end: number): number {
  const byte = offset < end ? bytes[offset] : undefined;
  if (byte === undefined) {
    throw malformed("The bytes end in the middle of an element.");
  }
  return byte;
}

/** The error for bytes that are not DER. */
export function malformed(message: string): AttestError {
  return new AttestError("der-malformed", message);
}
