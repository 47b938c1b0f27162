// The simple values of X.509 in DER (ITU-T X.690): integers, bit strings, object identifiers and truth values.
import { type DerReader, malformed, TAG } from "./read-der.ts";

/** A non-negative integer of at most 32 bits. Throws `der-malformed`. */
export function readSmallInteger(reader: DerReader, tag: number = TAG.integer): number {
  const content = reader.content(tag);
  const first = content[0];
  if (first === undefined || first >= 0x80 || content.length > 5 || (content.length === 5 && first !== 0)) {
    throw malformed("Expected an integer from 0 to 2³² − 1.");
  }
  return content.reduce((value, byte) => value * 256 + byte, 0);
}

/** The magnitude of a non-negative integer, without leading zeros; zero has none. Throws `der-malformed`. */
export function readUnsigned(reader: DerReader): Uint8Array {
  const content = reader.content(TAG.integer);
  const first = content[0];
  if (first === undefined || first >= 0x80) {
    throw malformed("Expected an integer that is not negative.");
  }
  return first === 0 ? content.subarray(1) : content;
}

/** The bytes of a bit string that is a whole number of bytes. Throws `der-malformed`. */
export function readOctetBits(reader: DerReader): Uint8Array {
  const content = reader.content(TAG.bitString);
  if (content[0] !== 0) {
    throw malformed("Expected a bit string of whole bytes.");
  }
  return content.subarray(1);
}

/** An object identifier in dotted decimal. Throws `der-malformed`, also for parts above 2⁵³. */
export function readObjectIdentifier(reader: DerReader): string {
  const parts: number[] = [];
  let part = 0;
  for (const byte of reader.content(TAG.objectIdentifier)) {
    part = part * 128 + (byte & 0x7f);
    if (part > Number.MAX_SAFE_INTEGER) {
      throw malformed("A part of an object identifier is too large.");
    }
    if (byte < 0x80) {
      parts.push(part);
      part = 0;
    }
  }
  const [first, ...others] = parts;
  if (first === undefined) {
    throw malformed("An object identifier is empty.");
  }
  const root = Math.min(Math.trunc(first / 40), 2); // The first two parts share one number (X.690 §8.19.4).
  return [root, first - root * 40, ...others].join(".");
}

/** A truth value that is false unless it is written; DER never writes the default. Throws `der-malformed`. */
export function readDefaultFalse(reader: DerReader): boolean {
  const content = reader.optional(TAG.boolean);
  if (content === undefined) {
    return false;
  }
  if (content.length !== 1 || content[0] !== 0xff) {
    throw malformed("A truth value is written although it is the default.");
  }
  return true;
}
