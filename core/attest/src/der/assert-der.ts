// Walks a whole document once and holds it to DER (ITU-T X.690 §8, §10, §11), so that there is one encoding of each value
// wherever a certificate is looked into later, and also where nobody looks.
import { type DerReader, malformed, readAll, readHeader, TAG } from "./read-der.ts";

/** The most levels of nesting; certificates and revocation lists have fewer than 10. */
const NESTING_MAX = 16;

const CONSTRUCTED = 0x20;

/**
 * Throws `der-malformed` unless the bytes are exactly one element and every element inside it is DER. Time is linear in
 * the bytes and memory constant; the walk keeps its own small stack rather than recurse.
 */
export function assertDer(bytes: Uint8Array): void {
  const ends: number[] = [bytes.length];
  let offset = 0;
  let elements = 0;
  while (ends.length > 0) {
    const end = ends[ends.length - 1] as number; // The loop runs only while there is one.
    if (offset === end) {
      ends.pop();
      continue;
    }
    if (ends.length === 1 && elements > 0) {
      throw malformed("There is something after the value.");
    }
    const { tag, contentStart, end: elementEnd } = readHeader(bytes, offset, end);
    elements += 1;
    if ((tag & CONSTRUCTED) !== 0) {
      assertMayNest(tag);
      if (ends.length > NESTING_MAX) {
        throw malformed(`Elements are nested more than ${NESTING_MAX} deep.`);
      }
      ends.push(elementEnd);
      offset = contentStart;
    } else {
      assertPrimitive(tag, bytes.subarray(contentStart, elementEnd));
      offset = elementEnd;
    }
  }
  if (elements === 0) {
    throw malformed("There are no bytes.");
  }
}

/**
 * What `read` makes of a document that is held to DER first: a certificate, and also each document that stands inside of
 * one as bytes, which the walk around it does not enter. Throws `der-malformed`.
 */
export function readDocument<T>(bytes: Uint8Array, read: (reader: DerReader) => T): T {
  assertDer(bytes);
  return readAll(bytes, read);
}

/** DER writes strings in one piece: of the universal types only sequences and sets hold other elements. */
function assertMayNest(tag: number): void {
  if (tag < 0x40 && tag !== TAG.sequence && tag !== TAG.set) {
    throw malformed("A simple value is written in several pieces.");
  }
}

function assertPrimitive(tag: number, content: Uint8Array): void {
  if (!isPrimitive(tag, content)) {
    throw malformed(`A value of tag ${tag} is not written as DER writes it.`);
  }
}

function isPrimitive(tag: number, content: Uint8Array): boolean {
  switch (tag) {
    case TAG.boolean:
      return content.length === 1 && (content[0] === 0 || content[0] === 0xff);
    case TAG.integer:
    case TAG.enumerated:
      return isShortestInteger(content);
    case TAG.bitString:
      return isBitString(content);
    case TAG.null:
      return content.length === 0;
    case TAG.objectIdentifier:
      return isObjectIdentifier(content);
    case TAG.sequence & ~CONSTRUCTED:
    case TAG.set & ~CONSTRUCTED:
      return false;
    default:
      return true; // Text and times, which their readers judge, and context fields, which only their grammar knows.
  }
}

function isShortestInteger(content: Uint8Array): boolean {
  const [first, second] = content;
  if (first === undefined) {
    return false;
  }
  return second === undefined || !((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
}

function isBitString(content: Uint8Array): boolean {
  const unused = content[0];
  if (unused === undefined || unused > 7) {
    return false;
  }
  const last = content.length === 1 ? undefined : content[content.length - 1];
  return last === undefined ? unused === 0 : (last & ((1 << unused) - 1)) === 0;
}

function isObjectIdentifier(content: Uint8Array): boolean {
  const last = content[content.length - 1];
  if (last === undefined || last >= 0x80) {
    return false;
  }
  // A part may not begin with a byte that adds nothing.
  return content.every((byte, i) => byte !== 0x80 || (i > 0 && (content[i - 1] as number) >= 0x80));
}
