// Writing DER (ITU-T X.690 §10): what the simulated platform needs for its certificates and revocation lists.
import { concatBytes, utf8 } from "@fogbow/core-bytes";
import { TAG } from "../der/read-der.ts";
import { showTime } from "../der/time.ts";

const PRINTABLE_STRING = 0x13;
const UTF8_STRING = 0x0c;

/** An element of a tag with this content. */
export function element(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const joined = concatBytes(...content);
  return concatBytes(Uint8Array.of(tag), length(joined.length), joined);
}

export function sequence(...items: readonly Uint8Array[]): Uint8Array {
  return element(TAG.sequence, ...items);
}

/** A non-negative integer of at most 4 bytes. */
export function integer(value: number, tag: number = TAG.integer): Uint8Array {
  const bytes = bigEndianBytes(value);
  return element(tag, (bytes[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array(), bytes);
}

/** A non-negative integer of any number of bytes, most significant first. */
export function longInteger(magnitude: Uint8Array): Uint8Array {
  const start = magnitude.findIndex((byte) => byte !== 0);
  const bytes = start < 0 ? Uint8Array.of(0) : magnitude.subarray(start);
  return element(TAG.integer, (bytes[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array(), bytes);
}

/** A bit string of whole bytes. */
export function bitString(bytes: Uint8Array): Uint8Array {
  return element(TAG.bitString, Uint8Array.of(0), bytes);
}

export function octetString(bytes: Uint8Array): Uint8Array {
  return element(TAG.octetString, bytes);
}

/** An object identifier in dotted decimal. */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...others] = dotted.split(".").map(Number);
  return element(TAG.objectIdentifier, ...[first * 40 + second, ...others].map(base128));
}

/** An instant in milliseconds since 1970, in the form that RFC 5280 demands for its year. */
export function time(ms: number): Uint8Array {
  const text = showTime(ms).replace(/[-:T]/g, "");
  const isShort = text >= "1950" && text < "2050";
  return element(isShort ? TAG.utcTime : TAG.generalizedTime, utf8(isShort ? text.slice(2) : text));
}

/** Attributes of a name, in order. Countries are printable strings, everything else UTF-8. */
export function name(...attributes: readonly (readonly [oid: string, value: string])[]): Uint8Array {
  return sequence(
    ...attributes.map(([oid, value]) => {
      const tag = oid === COUNTRY ? PRINTABLE_STRING : UTF8_STRING;
      return element(TAG.set, sequence(objectIdentifier(oid), element(tag, utf8(value))));
    }),
  );
}

/** The attributes of names (X.520). */
export const COMMON_NAME = "2.5.4.3";
export const COUNTRY = "2.5.4.6";
export const LOCALITY = "2.5.4.7";
export const STATE = "2.5.4.8";
export const ORGANIZATION = "2.5.4.10";

function length(bytes: number): Uint8Array {
  const long = bigEndianBytes(bytes);
  return bytes < 0x80 ? Uint8Array.of(bytes) : concatBytes(Uint8Array.of(0x80 | long.length), long);
}

function bigEndianBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest % 256);
  }
  return Uint8Array.from(bytes);
}

/** A part of an object identifier: seven bits a byte, the last without its highest bit. */
function base128(part: number): Uint8Array {
  const bytes = [part % 128];
  for (let rest = Math.floor(part / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.unshift(0x80 | (rest % 128));
  }
  return Uint8Array.from(bytes);
}
